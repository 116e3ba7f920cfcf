// A view that fails takes nothing else with it.

import { Component } from "preact";

import { html } from "../html.js";

export class Boundary extends Component {
  /** @param {unknown} error */
  static getDerivedStateFromError(error) {
    return { error };
  }

  /** @param {{ of: string }} before */
  componentDidUpdate(before) {
    if (before.of !== /** @type {any} */ (this.props).of && /** @type {any} */ (this.state).error) this.setState({ error: null });
  }

  /** @param {any} props @param {any} state */
  render({ children }, { error }) {
    if (!error) return children;
    console.error(error);
    return html`<div class="state failed" role="alert">
      <p><strong>This view broke:</strong> ${String(error.message ?? error)}</p>
      <button type="button" onClick=${() => location.reload()}>Load the page again</button>
    </div>`;
  }
}
