"""What describes the service: the OpenAPI document, and a page for it. Read openapi first."""
