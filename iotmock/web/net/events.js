// Server-sent events, read piece by piece (HTML standard, 9.2.6). EventSource could show no token.

/** @typedef {{ id: string, event: string, data: string }} ServerEvent */

/** Takes text as it comes, gives whole events. */
export class EventReader {
  #rest = "";
  #id = "";

  /**
   * @param {string} text
   * @returns {ServerEvent[]}
   */
  read(text) {
    const blocks = (this.#rest + text).replaceAll("\r\n", "\n").split("\n\n");
    this.#rest = blocks.pop() ?? "";
    return blocks.map((block) => this.#event(block)).filter((event) => event.data !== "");
  }

  /** @param {string} block */
  #event(block) {
    const event = { id: "", event: "message", data: "" };
    const data = [];
    for (const line of block.split("\n")) {
      const [, name, value] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
      if (name === "data") data.push(value ?? "");
      else if (name === "event") event.event = value ?? "";
      else if (name === "id") this.#id = value ?? "";
    }
    return { ...event, id: this.#id, data: data.join("\n") };
  }
}
