import type * as wire from '../wire/protocol'

// The items as the model gives them: the wire leaves out what is empty, the model
// fills it in. Everything else is as on the wire.

export type {
  Bye, Conflict, Duplicate, Grant, Imported, Invite, Landed, Modules, No, Online, Problem, Role, ServerMessage, Summary, Fix,
} from '../wire/protocol'
import type { Role } from '../wire/protocol'

/** NoteKind is a kind of the storm, or one of the four that are of the wall alone. */
export type NoteKind =
  | 'event' | 'command' | 'actor' | 'aggregate' | 'system' | 'policy' | 'projection' | 'hotspot' | 'opportunity'
  | 'rule' | 'note' | 'value' | 'term' | 'text' | 'module' | 'line' | 'lane'

export type Phase =
  | 'review' | 'goals' | 'explore' | 'timeline' | 'duplicates' | 'pivotal' | 'people' | 'hotspots' | 'reverse'
  | 'commands' | 'modules' | 'handover'

/** Verb is what a link means; see grammar.ts. */
export type Verb =
  | 'issues' | 'is handled by' | 'emits' | 'leads to' | 'triggers' | 'invokes' | 'updates' | 'informs' | 'supports'

export interface Note {
  type: 'note'
  id: string
  kind: NoteKind
  text: string
  x: number
  y: number
  w: number
  h: number
  /** the frame that it lies in, or "" */
  module: string
  by: string
  at: number
  private: boolean
  pivotal: boolean
  /** votes by person */
  votes: Record<string, number>
  answer: string
  doc: string
  /** what a sticky is attached to */
  on: string[]
  /** the id of the storm's element that the note stands for, or "" */
  element: string
  authors: string[]
  was: string[]
  team: string
}

export interface Link {
  type: 'link'
  id: string
  from: string
  to: string
  verb: Verb
}

export interface Comment {
  type: 'comment'
  id: string
  note: string
  text: string
  by: string
  at: number
  settled: boolean
}

export interface Apart {
  type: 'apart'
  id: string
  a: string
  b: string
}

export interface Person {
  type: 'person'
  id: string
  name: string
  color: string
  role: Role
}

export interface Board {
  type: 'board'
  id: string
  name: string
  goals: string[]
  phase: Phase | ''
  phaseAt: number
  timerEnds: number
  writing: boolean
  votesEach: number
  votingOpen: boolean
  landedAt: number
  landedBy: string
}

export interface File {
  type: 'file'
  id: string
  path: string
  text: string
  version: number
}

export type Item = Note | Link | Comment | Apart | Person | Board | File
export type ItemType = Item['type']

/**
 * TextChanges is a CodeMirror ChangeSet as JSON: a number keeps so many UTF-16
 * units, an array takes away its first number of units and puts in its lines.
 */
export type TextChanges = (number | [number, ...string[]])[]

/** FileEdit is an edit of a file, which has the version afterwards. */
export interface FileEdit {
  version: number
  changes: TextChanges
  client?: string
}

export interface Change {
  id: string
  set?: Record<string, unknown>
  gone?: boolean
  edit?: FileEdit
}

export type Op = Omit<wire.Op, 'changes'> & { changes: Change[] }

export interface State {
  seq: number
  items: (Partial<Item> & { type: ItemType; id: string })[]
}

/** Me is who sits here. */
export type Me = Omit<wire.Me, 'person'> & { person: Person | null }

/** Here is what another person is doing. */
export type Here = wire.Online

/** HereNow is what this person says of themself. */
export type HereNow = Omit<wire.Online, 'p'>

// What the commands of board/session need. By and at are the server's to say.

export interface NewNote {
  id: string
  kind: NoteKind
  text: string
  x: number
  y: number
  w: number
  h: number
  module?: string
  private?: boolean
  pivotal?: boolean
  answer?: string
  doc?: string
  on?: string[]
  team?: string
}
export interface NewLink { id: string; from: string; to: string }
export interface Place { id: string; x: number; y: number; w: number; h: number; module: string }

export interface Commands {
  NameBoard: { name: string }
  AddNotes: { notes: NewNote[]; links?: NewLink[]; gesture?: string }
  RewriteNote: { id: string; text: string; gesture?: string }
  MoveNotes: { places: Place[]; gesture?: string }
  TidyNotes: { places: Place[] }
  ChangeKind: { ids: string[]; kind: NoteKind }
  RemoveNotes: { ids: string[] }
  LinkNotes: { links: NewLink[] }
  UnlinkNotes: { ids: string[] }
  MarkPivotal: { ids: string[]; pivotal: boolean }
  DescribeNote: { id: string; doc: string }
  AttachSticky: { id: string; on: string[] }
  AnswerHotspot: { id: string; answer: string }
  AssignTeam: { id: string; team: string }
  MergeNotes: { into: string; from: string[] }
  KeepApart: { id: string; a: string; b: string }
  RevealNotes: { ids?: string[]; all?: boolean }
  WriteComment: { id: string; note: string; text: string }
  SettleComment: { id: string; settled: boolean }
  RemoveComment: { id: string }
  PlaceVote: { id: string; votes: number }
  UndoStep: Record<string, never>
  RedoStep: Record<string, never>
  EditText: { path: string; version: number; changes: TextChanges; client: string }
  SetGoals: { goals: string[] }
  StartPhase: { phase: Phase }
  SetTimer: { seconds: number }
  AllowVotes: { each: number }
  CloseVotes: Record<string, never>
}
export type CommandName = keyof Commands
