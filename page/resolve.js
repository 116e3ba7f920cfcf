// Under node, what the page takes from others is where npm puts it, and not in an import map.

import { registerHooks } from "node:module";

const OTHERS = new Set(["preact", "preact/hooks", "htm", "uplot"]);

registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, OTHERS.has(specifier) ? { ...context, parentURL: import.meta.url } : context),
});
