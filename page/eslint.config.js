// What is looked for beside types, which are tsc's.

import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["iotmock/web/vendor/**"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2025, sourceType: "module", globals: { ...globals.browser } },
    rules: {
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      complexity: ["error", 12],
      eqeqeq: "error",
      "max-lines": ["error", 200],
      "max-lines-per-function": ["error", 60],
      "no-console": ["error", { allow: ["error"] }],
      "no-eval": "error",
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  { files: ["tests/**"], languageOptions: { globals: { ...globals.node } } },
];
