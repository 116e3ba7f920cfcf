// Documents on standard input, as a list; what AsyncAPI's own parser says of each, as a list.
const { Parser } = require("@asyncapi/parser");

const parsed = async (document) => {
  const { document: found, diagnostics } = await new Parser().parse(JSON.stringify(document));
  const operations = found ? found.operations().all().map((one) => one.id()) : [];
  return { operations, diagnostics: diagnostics.map(({ code, message, path }) => ({ code, message, path })) };
};

const main = async () => {
  let text = "";
  for await (const chunk of process.stdin) text += chunk;
  process.stdout.write(JSON.stringify(await Promise.all(JSON.parse(text).map(parsed))));
};

main();
