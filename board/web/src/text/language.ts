import { HighlightStyle, LanguageSupport, StreamLanguage, foldService, syntaxHighlighting, type StringStream } from '@codemirror/language'
import { tags as t } from '@lezer/highlight'
import type { Extension } from '@codemirror/state'
import { isStatement, types } from './words'

interface Reading {
  /** Whether the next word begins a statement. */
  start: boolean
  /** The word that the statement began with, or "" in a line of flow. */
  statement: string
  /** Whether the next name is the one that is declared. */
  declares: boolean
  /** The braces that are open: "data" holds fields, "body" holds statements. */
  open: ('data' | 'body')[]
}

const joins = new Set(['on', 'resolved', 'was', 'after', 'unless', 'using', 'nothing', 'rejected'])
const fielded = new Set(['event', 'command', 'value', 'enum', 'projection', 'state', 'given', 'when', 'then'])
const typeNames = new Set<string>(types)

/** The words of a storm, for colours, brackets and comments. What the text means the server says. */
export const storm = StreamLanguage.define<Reading>({
  name: 'storm',
  startState: () => ({ start: true, statement: '', declares: false, open: [] }),
  copyState: (s) => ({ ...s, open: [...s.open] }),
  token,
  blankLine: (s) => {
    s.start = true
  },
  indent: (s, after, cx) => Math.max(0, s.open.length - (/^\s*[}\]]/.test(after) ? 1 : 0)) * cx.unit,
  languageData: { commentTokens: { line: '//' }, closeBrackets: { brackets: ['{', '[', '"'] }, indentOnInput: /^\s*[}\]]$/ },
})

function token(stream: StringStream, s: Reading): string | null {
  if (stream.sol() && !continued(stream)) s.start = s.open.at(-1) !== 'data'
  if (stream.eatSpace()) return null
  if (stream.match(/^\/\/landfall:.*/)) return 'meta'
  if (stream.match(/^\/\/.*/)) return 'comment'
  if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return named(s, s.declares ? 'def' : 'string')
  if (stream.match('->')) return named(s, 'operator')
  if (stream.match(/^\d{4}-\d\d-\d\d[\dT:.Z+-]*/) || stream.match(/^-?\d+(?:\.\d+)?(?:ms|[wdhms])?(?:\d+(?:ms|[wdhms]))*/)) return 'number'
  if (stream.match(/^[\p{L}_][\p{L}\p{N}_]*/u)) return word(stream.current(), s)
  return sign(String(stream.next()), s)
}

function continued(stream: StringStream): boolean {
  return /^\s*[,|]/.test(stream.string)
}

function word(text: string, s: Reading): string {
  if (s.start && isStatement(text)) {
    s.start = false
    s.statement = text
    s.declares = true
    return 'keyword'
  }
  if (s.start) s.statement = ''
  if (s.open.at(-1) === 'data') return typeNames.has(text) ? 'typeName' : text === 'was' ? 'keyword' : 'propertyName'
  if (!s.start && !s.declares && joins.has(text)) return 'keyword'
  if (s.statement === 'level') return 'atom'
  return named(s, s.declares ? 'def' : 'variableName')
}

function named(s: Reading, style: string): string {
  s.start = false
  s.declares = false
  return style
}

function sign(char: string, s: Reading): string | null {
  if (char === '{') {
    s.open.push(fielded.has(s.statement) || s.open.at(-1) === 'data' ? 'data' : 'body')
    s.start = s.open.at(-1) === 'body'
    s.declares = false
    return 'brace'
  }
  if (char === '}') {
    s.open.pop()
    return 'brace'
  }
  if (char === ':') s.declares = false
  return ',|:.?'.includes(char) ? 'punctuation' : null
}

/** Colours by classes of the theme, so that both themes and their contrast are in one place. */
export const colours = HighlightStyle.define([
  { tag: t.keyword, class: 'st-keyword' },
  { tag: t.comment, class: 'st-comment' },
  { tag: t.meta, class: 'st-meta' },
  { tag: t.string, class: 'st-string' },
  { tag: t.definition(t.variableName), class: 'st-declared' },
  { tag: t.typeName, class: 'st-type' },
  { tag: t.number, class: 'st-number' },
  { tag: t.atom, class: 'st-number' },
  { tag: t.operator, class: 'st-arrow' },
])

/** Folds what is in braces, from the end of their line. */
const folding = foldService.of((state, from, to) => {
  const line = state.doc.sliceString(from, to)
  if (!/\{\s*(\/\/.*)?$/.test(line)) return null
  const indent = /^\s*/.exec(line)![0].length
  for (let n = state.doc.lineAt(from).number + 1; n <= state.doc.lines; n++) {
    const next = state.doc.line(n)
    if (/^\s*\}/.test(next.text) && /^\s*/.exec(next.text)![0].length <= indent) return { from: to, to: next.from + indent }
  }
  return null
})

/** The storm language for an editor. */
export function stormLanguage(): Extension {
  return new LanguageSupport(storm, [syntaxHighlighting(colours), folding])
}
