import type * as wire from '../wire/protocol'

// The items as the model gives them: the wire leaves out what is empty, the model
// fills it in. Everything else is as on the wire.

export type {
  Apart, Bye, Conflict, Duplicate, Fix, Grant, Imported, Invite, Landed, Modules, No, Online, Phase, Place, Problem, Role, ServerMessage, Summary, Tidied,
} from '../wire/protocol'

/** NoteKind is a kind of the storm, or one of the four that are of the wall alone. */
export type NoteKind = wire.Kind

/** Verb is what a link means; see grammar.ts. */
export type Verb =
  | 'issues' | 'is handled by' | 'emits' | 'leads to' | 'triggers' | 'invokes' | 'updates' | 'informs' | 'supports'

export type Note = Required<wire.Note>
export type Link = Omit<wire.Link, 'verb'> & { verb: Verb }
export type Comment = Required<wire.Comment>
export type Person = Required<wire.PersonItem>
export type Board = Required<Omit<wire.BoardItem, 'phase'>> & { phase: wire.Phase | '' }
export type File = Required<wire.FileItem>

export type Item = Note | Link | Comment | wire.Apart | Person | Board | File
export type ItemType = Item['type']

/**
 * TextChanges is a CodeMirror ChangeSet as JSON: a number keeps so many UTF-16
 * units, an array takes away its first number of units and puts in its lines.
 */
export type TextChanges = (number | [number, ...string[]])[]

/** FileEdit is an edit of a file, which has the version afterwards. */
export type FileEdit = Omit<wire.Edit, 'changes'> & { changes: TextChanges }

export type Change = Omit<wire.Change, 'edit'> & { edit?: FileEdit }

export type Op = Omit<wire.Op, 'changes'> & { changes: Change[] }

export interface State {
  seq: number
  items: (Partial<Item> & { type: ItemType; id: string })[]
}

/** Me is who sits here. */
export type Me = Omit<wire.Me, 'person'> & { person: { id: string; name: string; color: string } | null }

/** Here is what another person is doing. */
export type Here = wire.Online

/** HereNow is what this person says of themself. */
export type HereNow = Omit<wire.Online, 'p'>

// What the commands need. What is empty may be left out of a new note.

export type NewNote = Pick<wire.NoteData, 'id' | 'kind' | 'text' | 'x' | 'y' | 'w' | 'h'> & Partial<wire.NoteData>
export type NewLink = Omit<wire.LinkData, 'verb'>

/** Sent is a command as it is given: its lists are there, even when they are empty, and a gesture only where there is one. */
type Sent<T> = Required<Omit<T, 'gesture'>> & ('gesture' extends keyof T ? { gesture?: string } : unknown)

interface Special {
  AddNotes: { notes: NewNote[]; links?: NewLink[]; gesture?: string }
  LinkNotes: { links: NewLink[] }
  RevealNotes: { ids?: string[]; all?: boolean }
  EditText: Omit<wire.EditText, 'changes'> & { changes: TextChanges }
}

/** Commands are the commands of board/session by their names. By whom and when is the server's to say. */
export type Commands = Special & { [W in Exclude<keyof wire.Commands, keyof Special>]: Sent<wire.Commands[W]> }
export type CommandName = keyof wire.Commands
