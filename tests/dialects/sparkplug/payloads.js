// The payloads of Eclipse's own library: {decode: [hex], encode: payload} in, {decoded, encoded} out.
const { decodePayload, encodePayload } = require("sparkplug-payload").get("spBv1.0");

const { decode, encode } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const decoded = decode.map((hex) => decodePayload(Buffer.from(hex, "hex")));
const encoded = Buffer.from(encodePayload(encode)).toString("hex");
const plain = (_, value) => (value && value.low !== undefined ? Number(value) : value);
process.stdout.write(JSON.stringify({ decoded, encoded }, plain));
