"""Reports of soaks that are found in a folder, for whoever looks at the page. Read routes first."""
