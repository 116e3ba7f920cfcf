// A broker of aedes: node aedes.mjs PORT USERNAME PASSWORD, where NODE_MODULES names the folder.
import { createRequire } from "node:module";
import { createServer } from "node:net";

const require = createRequire(`${process.env.NODE_MODULES}/`);
const { Aedes } = require("aedes");
const [port, username, password] = process.argv.slice(2);

const broker = await Aedes.createBroker();
broker.authenticate = (client, name, secret, done) =>
  done(null, name === username && String(secret) === password);
createServer(broker.handle).listen(Number(port), "127.0.0.1");
