// Server-sent events, however they are cut into pieces.

import assert from "node:assert/strict";
import { test } from "node:test";

import { EventReader } from "../../../iotmock/web/net/events.js";

const TEXT = 'retry: 2000\n\n: still here\n\nevent: summary\nid: a-1\ndata: {"x":\ndata: 1}\n\nevent: status\r\nid: a-2\r\ndata: {}\r\n\r\n';
const WHOLE = [
  { event: "summary", id: "a-1", data: '{"x":\n1}' },
  { event: "status", id: "a-2", data: "{}" },
];

test("events are read whole, comments and what has no data are passed over", () => {
  assert.deepEqual(new EventReader().read(TEXT), WHOLE);
});

test("an event that comes byte by byte is the same event", () => {
  const reader = new EventReader();
  assert.deepEqual([...TEXT.replaceAll("\r\n", "\n")].flatMap((piece) => reader.read(piece)), WHOLE);
});

test("an event without an id keeps the last one", () => {
  const reader = new EventReader();
  assert.deepEqual(reader.read("id: 7\ndata: a\n\ndata: b\n\n").map(({ id }) => id), ["7", "7"]);
});
