// Flux's own parser and type checker, as InfluxData publishes it: [script, ...] in, [{valid, ast}, ...] out.
const { Flux, parse } = require("@influxdata/flux-lsp-node");

const isValid = (script) => {
  try {
    return new Flux(script).is_valid();
  } catch {
    return false;
  }
};
const scripts = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const seen = scripts.map((script) => ({ valid: isValid(script), ast: parse(script) }));
process.stdout.write(JSON.stringify(seen));
