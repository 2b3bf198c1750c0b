import type { NoteKind } from './types'

export type Theme = 'light' | 'dark'

/** Kind is what the page knows of a kind of note. */
export interface Kind {
  readonly kind: NoteKind
  readonly name: string
  /** what the kind is for, for those who meet it the first time */
  readonly means: string
  /** the key that makes one */
  readonly key: string
  /** the paper's colour in each theme */
  readonly paper: Readonly<Record<Theme, string>>
  /** the size that a new one has, in board pixels */
  readonly w: number
  readonly h: number
  /** sticky: hangs on other notes; flow: an element of the flow; wall: of the wall alone, or a frame */
  readonly group: 'flow' | 'sticky' | 'word' | 'wall'
  readonly bold?: boolean
  readonly turned?: boolean
}

const side = 112

const list: Kind[] = [
  { kind: 'event', name: 'Event', means: 'Something that happened, in the past tense', key: 'e', paper: { light: '#ffaa4d', dark: '#f29a3c' }, w: side, h: side, group: 'flow' },
  { kind: 'command', name: 'Command', means: 'What someone decides to do', key: 'c', paper: { light: '#7cc0f8', dark: '#6aaee8' }, w: side, h: side, group: 'flow' },
  { kind: 'actor', name: 'Actor', means: 'A person or a role who decides', key: 'a', paper: { light: '#fff3a6', dark: '#f2e594' }, w: 76, h: 76, group: 'flow' },
  { kind: 'aggregate', name: 'Aggregate', means: 'What keeps the rules and handles commands', key: 'g', paper: { light: '#ffe066', dark: '#f0d158' }, w: side + 16, h: side, group: 'flow', bold: true },
  { kind: 'policy', name: 'Policy', means: 'Whenever this event, then that command', key: 'p', paper: { light: '#ccaef0', dark: '#b998e2' }, w: side + 32, h: side, group: 'flow' },
  { kind: 'projection', name: 'Projection', means: 'What someone looks at to decide', key: 'r', paper: { light: '#98dc92', dark: '#82c97c' }, w: side, h: side, group: 'flow' },
  { kind: 'system', name: 'System', means: 'Someone else\'s system', key: 's', paper: { light: '#f7b4d1', dark: '#e79fbf' }, w: side + 52, h: side, group: 'flow' },
  { kind: 'hotspot', name: 'Hotspot', means: 'A question, a risk or a quarrel', key: 'h', paper: { light: '#ff5aa5', dark: '#ff4d9d' }, w: 94, h: 94, group: 'sticky', bold: true, turned: true },
  { kind: 'opportunity', name: 'Opportunity', means: 'Something that could be better', key: 'o', paper: { light: '#4fe3a9', dark: '#3fd499' }, w: 104, h: 96, group: 'sticky' },
  { kind: 'rule', name: 'Rule', means: 'What must always hold', key: '', paper: { light: '#ffd23f', dark: '#f0c232' }, w: 104, h: 96, group: 'sticky' },
  { kind: 'note', name: 'Note', means: 'Anything else worth writing down', key: 'n', paper: { light: '#ffffff', dark: '#e9e6de' }, w: 104, h: 96, group: 'sticky' },
  { kind: 'value', name: 'Value', means: 'A value that the business speaks of', key: '', paper: { light: '#ffffff', dark: '#e9e6de' }, w: 104, h: 76, group: 'word' },
  { kind: 'term', name: 'Term', means: 'A word of the glossary', key: '', paper: { light: '#ffffff', dark: '#e9e6de' }, w: 144, h: 76, group: 'word' },
  { kind: 'text', name: 'Text', means: 'A label on the wall, not part of the storm', key: 't', paper: { light: 'transparent', dark: 'transparent' }, w: 240, h: 40, group: 'wall' },
  { kind: 'module', name: 'Module', means: 'A frame around what belongs together', key: 'm', paper: { light: '#fffefb', dark: '#2a2e36' }, w: 720, h: 480, group: 'wall' },
  { kind: 'line', name: 'Vertical line', means: 'A moment that parts the timeline', key: 'v', paper: { light: '#e0701a', dark: '#f08b3a' }, w: 8, h: 1200, group: 'wall' },
  { kind: 'lane', name: 'Swimlane', means: 'A band from left to right', key: 'w', paper: { light: '#b9b2a2', dark: '#565a64' }, w: 2400, h: 320, group: 'wall' },
]

/** kinds is every kind, in the order that the page shows them. */
export const kinds: readonly Kind[] = list

const byName = new Map(list.map((k) => [k.kind, k]))

/** kindOf returns what is known of a kind; of one that is not known, a note's. */
export function kindOf(kind: NoteKind): Kind {
  return byName.get(kind) ?? byName.get('note')!
}

/** inks are the colours beside the papers, the same as in drawings of the storm. */
export const inks: Readonly<Record<Theme, {
  ground: string; ink: string; quiet: string; panel: string; line: string; shadow: string; pen: string; wire: string; grid: string
  edges: Partial<Record<NoteKind, string>>; links: Record<string, string>; pivotal: string; lane: string; accents: string[]
  danger: string; focus: string
}>> = {
  light: {
    ground: '#f5f2ea', ink: '#23211c', quiet: '#6a655a', panel: '#fffefb', line: '#c9c3b5', shadow: '#d8d2c4', pen: '#1f1a14', wire: '#7d776b', grid: '#e6e1d5',
    edges: { note: '#cfc8b8', value: '#cfc8b8', term: '#cfc8b8', module: '#b9b2a2' },
    links: { triggers: '#8a55c4', stops: '#c23b2e', invokes: '#2273c4', updates: '#3b9443', supports: '#3b9443' },
    pivotal: '#e0701a', lane: '#b9b2a2',
    accents: ['#2f78bd', '#bf5a22', '#2f8a50', '#8350b5', '#a87a08', '#b93a72', '#1f868d', '#5d62c9'],
    danger: '#c23b2e', focus: '#1f5fbf',
  },
  dark: {
    ground: '#191b20', ink: '#eceae4', quiet: '#a8a49a', panel: '#23262d', line: '#4a4e58', shadow: '#0e0f12', pen: '#1a1611', wire: '#98958c', grid: '#24272e',
    edges: { module: '#5b606c' },
    links: { triggers: '#b48be8', stops: '#f07a6c', invokes: '#6fb4f5', updates: '#79cf80', supports: '#79cf80' },
    pivotal: '#f08b3a', lane: '#565a64',
    accents: ['#6fb0ea', '#e8915c', '#6cc48b', '#b990e6', '#d9b04a', '#e57fae', '#5fc3ca', '#9a9ef2'],
    danger: '#f07a6c', focus: '#8ab8ff',
  },
}

/** turnOf returns by how many degrees a note is turned, as a hotspot hangs on a wall. */
export function turnOf(kind: NoteKind, id: string): number {
  if (!kindOf(kind).turned) return 0
  let d = 2166136261
  for (let i = 0; i < id.length; i++) d = Math.imul(d ^ id.charCodeAt(i), 16777619) >>> 0
  const angle = 4 + (d % 5)
  return Math.floor(d / 5) % 3 > 0 ? -angle : angle
}
