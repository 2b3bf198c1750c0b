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
  /**
   * Kept are the items that an undo or a redo left as they are, at least in
   * part, since others have gone on from them. Only whoever undid is told.
   */
  kept?: string[]
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
export type Code = 'rejected' | 'stale' | 'invalid' | 'forbidden' | 'toolarge' | 'toofast' | 'closed' | 'notfound'

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

/** Person is somebody at the boards. */
export interface Person {
  id: string
  name: string
  color: string
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

/** Tidy is the body of POST …/tidy. */
export interface Tidy {
  /** IDs are the notes to put into order; when they are left out it is all of them. */
  ids?: string[]
}

/** Tidied answers POST …/tidy. What moved comes over the socket, as an operation. */
export interface Tidied {
  /** Moved is how many notes came to lie elsewhere, or got another size. */
  moved: number
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

// The items of a wall. What is empty, zero or false may be left out.

/** Apart remembers that two notes do not mean the same. */
export interface Apart {
  type: 'apart'
  id: string
  a: string
  b: string
}

/** Phase is where the session is. */
export type Phase = 'review' | 'goals' | 'explore' | 'timeline' | 'duplicates' | 'pivotal' | 'people' | 'hotspots' | 'reverse' | 'commands' | 'modules' | 'handover'

/**
 * BoardInfo is what is known of the board as a whole. Times are milliseconds
 * since 1970.
 */
export interface BoardItem {
  type: 'board'
  id: string
  name?: string
  goals?: string[]
  phase?: Phase
  phaseAt?: number
  /** TimerEnds is when the timer ends; zero says that none runs. */
  timerEnds?: number
  /** Writing says that everyone writes alone: new notes may be private. */
  writing?: boolean
  /** VotesEach is how many votes everyone has. */
  votesEach?: number
  votingOpen?: boolean
  landedAt?: number
  landedBy?: string
}

/** Comment is what somebody has to say about a note. */
export interface Comment {
  type: 'comment'
  id: string
  note: string
  text: string
  by?: string
  at?: number
  settled?: boolean
}

/**
 * File is a file of the storm, as it is shared in the pane of text. Its version
 * counts its edits.
 */
export interface FileItem {
  type: 'file'
  id: string
  path: string
  text: string
  version: number
}

/** Link is an arrow between two notes, which means Verb. */
export interface Link {
  type: 'link'
  id: string
  from: string
  to: string
  verb: string
}

/**
 * Kind is what a note is: a sticky of the notation, or what helps to read the
 * wall.
 */
export type Kind = 'event' | 'command' | 'actor' | 'aggregate' | 'system' | 'policy' | 'projection' | 'hotspot' | 'opportunity' | 'rule' | 'note' | 'value' | 'term' | 'text' | 'module' | 'line' | 'lane'

/**
 * Note is a sticky note, or a frame, a line, a swimlane or a free label. X and Y
 * are its upper left corner, in pixels at zoom 1, and W and H its size.
 */
export interface Note {
  type: 'note'
  id: string
  kind: Kind
  text?: string
  x: number
  y: number
  w: number
  h: number
  /** Module is the frame that the note lies in. */
  module?: string
  /** By is the person who put it on the wall, and At when. */
  by?: string
  at?: number
  /** Private notes are seen by their author only, until they are revealed. */
  private?: boolean
  pivotal?: boolean
  /** Votes are how many votes of each person lie on the note. */
  votes?: Record<string, number>
  /** Answer resolves a hotspot. */
  answer?: string
  doc?: string
  /** On are the notes that a sticky is attached to. */
  on?: string[]
  /** Element is the id of the storm's element that the note stands for. */
  element?: string
  /**
   * Authors are the other people whose notes were merged into this one, and
   * Was what stood on those.
   */
  authors?: string[]
  was?: string[]
  team?: string
}

/** Role is what a person may do. */
export type PersonRole = 'facilitator' | 'participant' | 'viewer'

/** Person is somebody who was on the board. */
export interface PersonItem {
  type: 'person'
  id: string
  name: string
  color?: string
  role: PersonRole
}

export type Item = Apart | BoardItem | Comment | FileItem | Link | Note | PersonItem

/** Edit is a change to the text of a file, which has the version afterwards. */
export interface Edit {
  version: number
  changes: unknown[]
  /** Client is the page that made it, which has it already. */
  client?: string
}

/**
 * Change is what happens to one item of the wall. It has the item's id and one of
 * three things: properties that are set (which make the item when the property
 * type is among them), Gone, or an edit of a file's text.
 */
export interface Change {
  id: string
  set?: Record<string, unknown>
  gone?: boolean
  edit?: Edit
}

// The commands. Fields that are empty, zero or false may be left out.

/**
 * NameBoard gives the board another name.
 *
 * It leads to BoardNamed. It is sent by Facilitator.
 */
export interface NameBoard {
  name: string
}

/**
 * NoteData is a note as it is put on the wall. x and y are its upper left
 * corner, in pixels.
 */
export interface NoteData {
  id: string
  kind: Kind
  text: string
  x: number
  y: number
  w: number
  h: number
  /** Module: the frame that it lies in, if any */
  module: string
  /** Private: written alone: only its author sees it until it is revealed */
  private: boolean
  pivotal: boolean
  answer: string
  doc: string
  /** On: what a sticky is attached to */
  on?: string[]
  team: string
}

/** LinkData is an arrow. Its verb follows from the kinds of its notes. */
export interface LinkData {
  id: string
  from: string
  to: string
  verb?: string
}

/**
 * AddNotes puts notes on the wall, with links to, from or between them.
 *
 * It leads to NotesAdded. It is sent by Participant.
 */
export interface AddNotes {
  notes?: NoteData[]
  links?: LinkData[]
  gesture: string
}

/**
 * RewriteNote gives a note another text, or a frame another name.
 *
 * It leads to NoteRewritten. It is sent by Participant.
 */
export interface RewriteNote {
  id: string
  text: string
  gesture: string
}

/** Place is where a note lies, how large it is, and in which frame. */
export interface Place {
  id: string
  x: number
  y: number
  w: number
  h: number
  module: string
}

/**
 * MoveNotes puts notes elsewhere, gives them another size or lays them in a
 * frame.
 *
 * It leads to NotesMoved. It is sent by Participant.
 */
export interface MoveNotes {
  places?: Place[]
  gesture: string
}

/**
 * TidyNotes is a move of many notes at once that nobody made by hand.
 *
 * It leads to NotesTidied. It is sent by Participant.
 */
export interface TidyNotes {
  places?: Place[]
}

/**
 * ChangeKind makes notes of another kind of them. Links that the kind does not
 * allow go.
 *
 * It leads to KindChanged. It is sent by Participant.
 */
export interface ChangeKind {
  ids?: string[]
  kind: Kind
}

/**
 * RemoveNotes takes notes off the wall, with their links and comments. What
 * lies in a
 * frame stays.
 *
 * It leads to NotesRemoved. It is sent by Participant.
 */
export interface RemoveNotes {
  ids?: string[]
}

/**
 * LinkNotes draws arrows; what an arrow means follows from the kinds of its
 * notes.
 *
 * It leads to NotesLinked. It is sent by Participant.
 */
export interface LinkNotes {
  links?: LinkData[]
}

/** UnlinkNotes leads to NotesUnlinked. It is sent by Participant. */
export interface UnlinkNotes {
  ids?: string[]
}

/** MarkPivotal leads to PivotalMarked. It is sent by Participant. */
export interface MarkPivotal {
  ids?: string[]
  pivotal: boolean
}

/**
 * DescribeNote says more about a note than what stands on it.
 *
 * It leads to NoteDescribed. It is sent by Participant.
 */
export interface DescribeNote {
  id: string
  doc: string
}

/**
 * AttachSticky puts a hotspot, an opportunity, a rule or a note on other notes.
 *
 * It leads to StickyAttached. It is sent by Participant.
 */
export interface AttachSticky {
  id: string
  on?: string[]
}

/**
 * AnswerHotspot resolves a hotspot; an empty answer opens it again.
 *
 * It leads to HotspotAnswered. It is sent by Participant.
 */
export interface AnswerHotspot {
  id: string
  answer: string
}

/**
 * AssignTeam says whose a module is.
 *
 * It leads to TeamAssigned. It is sent by Participant.
 */
export interface AssignTeam {
  id: string
  team: string
}

/**
 * MergeNotes makes one note of several that mean the same. Nothing that was
 * said is lost.
 *
 * It leads to NotesMerged. It is sent by Participant.
 */
export interface MergeNotes {
  into: string
  from?: string[]
}

/**
 * KeepApart remembers that two notes do not mean the same.
 *
 * It leads to NotesKeptApart. It is sent by Participant.
 */
export interface KeepApart {
  id: string
  a: string
  b: string
}

/**
 * RevealNotes shows to everyone what was written alone: some notes of one's
 * own, or all
 * that there are.
 *
 * It leads to NotesRevealed. It is sent by Participant and RevealPolicy.
 */
export interface RevealNotes {
  ids?: string[]
  all: boolean
}

/** WriteComment leads to CommentWritten. It is sent by Participant. */
export interface WriteComment {
  id: string
  note: string
  text: string
}

/** SettleComment leads to CommentSettled. It is sent by Participant. */
export interface SettleComment {
  id: string
  settled: boolean
}

/** RemoveComment leads to CommentRemoved. It is sent by Participant. */
export interface RemoveComment {
  id: string
}

/**
 * PlaceVote says how many of one's votes lie on a note.
 *
 * It leads to VotePlaced. It is sent by Participant.
 */
export interface PlaceVote {
  id: string
  votes: number
}

/**
 * UndoStep takes back the last thing that this person did, as far as nobody
 * else has
 * gone on from it.
 *
 * It leads to StepUndone. It is sent by Participant.
 */
export interface UndoStep {
}

/** RedoStep leads to StepRedone. It is sent by Participant. */
export interface RedoStep {
}

/**
 * EditText changes the text of a file, as CodeMirror writes changes down.
 *
 * It leads to TextEdited. It is sent by Participant.
 */
export interface EditText {
  path: string
  version: number
  changes: unknown[]
  client: string
}

/** SetGoals leads to GoalsSet. It is sent by Facilitator. */
export interface SetGoals {
  goals?: string[]
}

/** StartPhase leads to PhaseStarted. It is sent by Facilitator. */
export interface StartPhase {
  phase: Phase
}

/**
 * SetTimer lets the timer run for so many seconds; none stops it.
 *
 * It leads to TimerSet. It is sent by Facilitator.
 */
export interface SetTimer {
  seconds: number
}

/**
 * AllowVotes opens the voting and gives everyone so many votes; those of before
 * are taken away.
 *
 * It leads to VotesAllowed. It is sent by Facilitator.
 */
export interface AllowVotes {
  each: number
}

/** CloseVotes leads to VotesClosed. It is sent by Facilitator. */
export interface CloseVotes {
}

/** Commands are the fields of each command, by its name. */
export interface Commands {
  NameBoard: NameBoard
  AddNotes: AddNotes
  RewriteNote: RewriteNote
  MoveNotes: MoveNotes
  TidyNotes: TidyNotes
  ChangeKind: ChangeKind
  RemoveNotes: RemoveNotes
  LinkNotes: LinkNotes
  UnlinkNotes: UnlinkNotes
  MarkPivotal: MarkPivotal
  DescribeNote: DescribeNote
  AttachSticky: AttachSticky
  AnswerHotspot: AnswerHotspot
  AssignTeam: AssignTeam
  MergeNotes: MergeNotes
  KeepApart: KeepApart
  RevealNotes: RevealNotes
  WriteComment: WriteComment
  SettleComment: SettleComment
  RemoveComment: RemoveComment
  PlaceVote: PlaceVote
  UndoStep: UndoStep
  RedoStep: RedoStep
  EditText: EditText
  SetGoals: SetGoals
  StartPhase: StartPhase
  SetTimer: SetTimer
  AllowVotes: AllowVotes
  CloseVotes: CloseVotes
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
