// What ESLint asks of all JavaScript that is written here. Its looks are Prettier's business, types are tsc's.
import js from "@eslint/js";
import globals from "globals";

// Put in by the build, by the tag, and by the sandbox.
const BUILT_IN = {
  BUNDLE: "readonly",
  STRICT: "readonly",
  INSTALL: "readonly",
  OVERLAY: "readonly",
  ear: "readonly",
  __PROJECT__: "readonly",
};

export default [
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "array-callback-return": "error",
      "consistent-return": "off", // tsc knows which functions return what
      curly: ["error", "multi-line"],
      "default-case-last": "error",
      eqeqeq: "error",
      "no-implicit-coercion": ["error", { allow: ["!!"] }],
      "no-self-compare": "error",
      "no-shadow": "error",
      "no-template-curly-in-string": "error",
      "no-unmodified-loop-condition": "error",
      "no-unreachable-loop": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-use-before-define": ["error", { functions: false, classes: false, variables: false }],
      "no-useless-return": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "require-atomic-updates": "error",
    },
  },
  { files: ["web/**/*.js"], languageOptions: { sourceType: "module", globals: { ...globals.browser, ...BUILT_IN } } },
  { files: ["**/*.mjs"], languageOptions: { globals: globals.node } },
];
