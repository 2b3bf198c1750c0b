/**
 * nonce is what the server lets style elements of this page have; "" where there
 * is none, as while the page is developed. A library that makes style elements is
 * given it (CodeMirror: EditorView.cspNonce).
 */
export function nonce(): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')
  const text = meta?.nonce ?? ''
  return text === 'LANDFALL_NONCE' ? '' : text
}
