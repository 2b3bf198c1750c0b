import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'shots/', 'src/wire/protocol.ts'] } /* the last is generated */,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Numbers and true or false read well in a template.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `() => f()` is the short way to write a handler.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // The index of what has just been looked at is known to be there.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // A loop that ends by return reads better than a flag.
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: 'only-allowed-literals' }],
      // It fails on the types of Preact.
      '@typescript-eslint/unified-signatures': 'off',
      eqeqeq: 'error',
      // What people write may never become markup or code.
      'no-restricted-syntax': [
        'error',
        { selector: "MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/]", message: 'Build elements; text never becomes markup.' },
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: 'Build elements; text never becomes markup.' },
      ],
      'no-eval': 'error',
      'no-new-func': 'error',
    },
  },
)
