// A broker of aedes: node aedes.mjs PORT USERNAME PASSWORD [PORT OF WEBSOCKET], where NODE_MODULES
// names the folder.
import { createServer as createWebServer } from "node:http";
import { createRequire } from "node:module";
import { createServer } from "node:net";

const require = createRequire(`${process.env.NODE_MODULES}/`);
const { Aedes } = require("aedes");
const [port, username, password, websocketPort] = process.argv.slice(2);

const broker = await Aedes.createBroker();
broker.authenticate = (client, name, secret, done) =>
  done(null, name === username && String(secret) === password);
createServer(broker.handle).listen(Number(port), "127.0.0.1");

if (websocketPort) {
  const { WebSocketServer, createWebSocketStream } = require("ws");
  const server = createWebServer();
  new WebSocketServer({ server, path: "/mqtt" }).on("connection", (socket, request) =>
    broker.handle(createWebSocketStream(socket), request),
  );
  server.listen(Number(websocketPort), "127.0.0.1");
}
