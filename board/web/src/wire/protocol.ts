// Code generated from the Go types of board/wire and board/session. DO NOT EDIT.
// go test ./board/wire -update writes it.

/**
 * Do gives a command. The same id may be sent again, after a reconnect: the
 * command takes effect once, and a repeat is answered with Done. Commands of one
 * connection are answered in their order.
 */
export interface Do {
  t: 'do'
  /**
   * ID is a UUID that the browser made. Its last twelve bits do not tell commands
   * apart.
   */
  id: string
  /** What names the command, such as MoveNotes, and Data has its fields. */
  what: string
  data: unknown
}

/** Drag is how far notes are off their places while they are dragged. */
export interface Drag {
  ids: string[]
  dx: number
  dy: number
}

/**
 * Here says where a person is and what they are at: it is shown to the others and
 * kept nowhere. What is left out stays as it was; an empty text or list ends it.
 * More than about twenty a second are of no use: only the last before a tick is
 * passed on.
 */
export interface Here {
  t: 'here'
  /** X and Y are where the cursor is. */
  x?: number
  y?: number
  /** Select are the notes that are selected. */
  select?: string[]
  /** Editing is the note whose text is being typed, and Draft the text so far. */
  editing?: string
  draft?: string
  /** Drag is what is being dragged; no ids end it. */
  drag?: Drag
}

/** Ping asks for a Pong. */
export interface Ping {
  t: 'ping'
}

export type ClientMessage = Do | Here | Ping

/** Role is what a person may do on a board. */
export type Role = 'facilitator' | 'participant' | 'viewer'

/** Online is where a person is. */
export interface Online {
  /** P is the person's id. */
  p: string
  /** X and Y are where the cursor is. */
  x?: number
  y?: number
  /** Select are the notes that are selected. */
  select?: string[]
  /** Editing is the note whose text is being typed, and Draft the text so far. */
  editing?: string
  draft?: string
  /** Drag is what is being dragged; no ids end it. */
  drag?: Drag
}

/** Welcome is the first message on a socket. */
export interface Welcome {
  t: 'welcome'
  /** You is the id of the person that the socket belongs to. */
  you: string
  role: Role
  /**
   * Seq is where the board stood. The operations since the one that was asked for
   * follow in ticks.
   */
  seq: number
  /** People are those who are online, this person among them, with where they are. */
  people: Online[]
  /** Now is the time of the server. */
  now: number
}

/**
 * Op is one operation on a board. Of private notes only their author is told: an
 * operation may so be without changes, or not be sent at all.
 */
export interface Op {
  /** Seq counts the operations of a board, from one. */
  seq: number
  /**
   * ID is that of the command. The author of the command takes it as its
   * acknowledgement.
   */
  id: string
  /** By is the person, or "" for the server itself. */
  by: string
  at: number
  /** What names the event, such as NotesMoved. */
  what: string
  changes: Change[]
}

/** Tick is what happened since the tick before. There is none while nothing happens. */
export interface Tick {
  t: 'tick'
  /**
   * Seq is the number of the last operation that there has been, whether or not
   * it is for this person to see.
   */
  seq: number
  ops?: Op[]
  /** Here is what has changed of where people are: what is left out is as it was. */
  here?: Online[]
  /** Gone are the people who have left. */
  gone?: string[]
}

/** Code says why something was refused. */
export type Code = 'rejected' | 'invalid' | 'forbidden' | 'toolarge' | 'toofast' | 'closed' | 'notfound'

/** No refuses a command: it had no effect. */
export interface No {
  t: 'no'
  id: string
  code: Code
  message: string
}

/** Done acknowledges a command that led to nothing, or that was sent before. */
export interface Done {
  t: 'done'
  id: string
  seq: number
}

/** TextEdit replaces a part of a file. Positions count UTF-16 units. */
export interface TextEdit {
  path: string
  from: number
  to: number
  insert: string
}

/** Fix mends a problem by edits of the text. */
export interface Fix {
  message: string
  edits: TextEdit[]
}

/** Problem is one thing that the checker finds. Positions count UTF-16 units. */
export interface Problem {
  code: string
  severity: 'error' | 'warning' | 'hint'
  message: string
  help?: string
  /** Notes are those that it is about. */
  notes: string[]
  /** Path, From and To are the place in the text. */
  path: string
  from: number
  to: number
  fixes?: Fix[]
}

/**
 * Problems are all that is to be said about the storm now; they take the place of
 * those before.
 */
export interface Problems {
  t: 'problems'
  list: Problem[]
}

/**
 * Reload says that this socket is too far behind: fetch the state, and connect
 * again from there. The server then closes the socket.
 */
export interface Reload {
  t: 'reload'
}

/** ByeReason says why a socket is closed by the server. */
export type ByeReason = 'stopping' | 'revoked' | 'deleted' | 'flood'

/** Bye says why the server closes the socket. */
export interface Bye {
  t: 'bye'
  /** Reason is for a program, Message for people. */
  reason: ByeReason
  message: string
}

/** Pong answers a Ping. */
export interface Pong {
  t: 'pong'
}

export type ServerMessage = Welcome | Tick | No | Done | Problems | Reload | Bye | Pong

/** Error is the body of every answer over HTTP that is not a success. */
export interface Error {
  code: Code
  message: string
}

/** Grant is a role on a board. */
export interface Grant {
  board: string
  role: Role
}

/** Me answers GET /api/me and POST /api/enter. */
export interface Me {
  /** Person is nil for somebody who has not entered. */
  person: Person | null
  /** Open says that no invite is needed here. */
  open: boolean
  /** Role is that on all boards, or "" when it depends on the board. */
  role: Role | ''
  /** Boards are the boards that the person was invited to. */
  boards?: Grant[]
  /** Board is the one that the invite just used is for, or "". */
  board?: string
}

/**
 * Enter is the body of POST /api/enter. Entering again changes the name, or uses
 * another invite.
 */
export interface Enter {
  name: string
  invite?: string
}

/** Summary is a board in the list of GET /api/boards, and answers POST and PATCH. */
export interface Summary {
  id: string
  name: string
  path: string
  archived: boolean
  /** Changed is when the last operation was made, or zero. */
  changed: number
  notes: number
  role: Role
}

/** NewBoard is the body of POST /api/boards. */
export interface NewBoard {
  name: string
}

/** PatchBoard is the body of PATCH /api/boards/{id}: what is left out stays. */
export interface PatchBoard {
  name?: string
  archived?: boolean
}

/** State answers GET …/state. */
export interface State {
  seq: number
  items: Item[]
}

/** History answers GET …/history. */
export interface History {
  ops: Op[]
  /**
   * Seq is the last operation that was looked at, from where to go on, and Head
   * the last that there is.
   */
  seq: number
  head: number
}

/** Duplicate are notes that may stand for the same; GET …/duplicates lists them. */
export interface Duplicate {
  notes: string[]
  /** Score goes from 0 to 1. */
  score: number
  why: string
}

/** ModuleOf is a module. */
export interface ModuleOf {
  /** Note is that of its frame, or "". */
  note: string
  name: string
  team: string
}

/** MessagesOf are the messages from a module to another, by their names. */
export interface MessagesOf {
  from: string
  to: string
  names: string[]
}

/** FlowOfModules is a named flow. */
export interface FlowOfModules {
  name: string
  notes: string[]
  teams: string[]
}

/**
 * Modules answers GET …/modules: the modules, what runs between them, and the
 * teams that each flow crosses.
 */
export interface Modules {
  modules: ModuleOf[]
  messages: MessagesOf[]
  flows: FlowOfModules[]
}

/** Land is the body of POST …/land. */
export interface Land {
  /**
   * Overwrite says which files are written over a change on disk that cannot be
   * merged: the digest is that of the conflict that was shown.
   */
  overwrite?: Record<string, string>
}

/** Conflict is a file that was changed on disk and on the wall at the same place. */
export interface Conflict {
  path: string
  base: string
  mine: string
  theirs: string
  digest: string
}

/** Landed answers POST …/land. With conflicts nothing was written. */
export interface Landed {
  landed: string[]
  conflicts: Conflict[]
}

/** Imported answers POST …/import. */
export interface Imported {
  /** Notes is how many were added, and Links how many links. */
  notes: number
  links: number
  /** Messages are what people should know about what could not be taken over. */
  messages: string[]
}

/** NewInvite is the body of POST …/invites. */
export interface NewInvite {
  role: Role
}

/** Invite is a link that gives a role on a board to whoever has it. */
export interface Invite {
  id: string
  role: Role
  /** Link is there in the answer to POST only: the server keeps no copy of it. */
  link?: string
  made: number
  revoked: boolean
  /** Used is how many people entered with it. */
  used: number
}

/** Limits of what a browser may send. */
export const limits = {
  message: 1048576,
  body: 1048576,
  import: 8388608,
  selected: 500,
  draft: 8192,
  coordinate: 10000000,
  name: 80,
} as const
