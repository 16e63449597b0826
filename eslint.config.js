import { defineConfig, globalIgnores } from "eslint/config";
import typescript from "typescript-eslint";

export default defineConfig(
  globalIgnores(["dist*/", "reports/", ".venv/", "fixtures/", "sdk/templates/", "*.config.js"]),
  typescript.configs.strictTypeChecked,
  typescript.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // A page may lack what the DOM's types promise, so the tag checks what "is always there".
      "@typescript-eslint/no-unnecessary-condition": "off",
      // The bundle's target is ES2017, where these cost bytes; and "" counts as missing.
      "@typescript-eslint/prefer-nullish-coalescing": "off",
      "@typescript-eslint/prefer-optional-chain": "off",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // What must be there is asserted; what may be missing in a page is checked.
      "@typescript-eslint/no-non-null-assertion": "off",
      // A const enum is how a number has a name and costs no byte.
      "@typescript-eslint/no-unsafe-enum-comparison": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/restrict-plus-operands": ["error", { allowNumberAndString: true }],
    },
  },
  {
    // The stub is ES5 and stands in the page as it is written.
    files: ["sdk/snippet.ts"],
    rules: {
      "no-var": "off",
      "prefer-rest-params": "off",
      "@typescript-eslint/no-unused-vars": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/prefer-includes": "off",
    },
  },
);
