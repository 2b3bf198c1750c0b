import { expect as expected } from '../src/model/expect.ts'
import { Refusal } from '../src/model/limits.ts'
import { Items, patch } from '../src/model/items.ts'
import type { Change, CommandName, Commands, Item, Op, Person } from '../src/model/types.ts'

// A board in memory that answers commands much as board/session does. It serves
// the development of the page and the tests of its model, not people.

export type Answer = { op: Op } | { done: number } | { no: string; code: 'rejected' | 'stale' | 'invalid' }

type Special = { [W in CommandName]?: (data: Commands[W], by: string, at: number) => Change[] }

export class StandInBoard {
  readonly items = new Items()
  readonly ops: Op[] = []
  private readonly answers = new Map<string, Answer>()
  private readonly undos = new Map<string, Change[][]>()
  private readonly redos = new Map<string, Change[][]>()

  constructor(readonly id: string, name: string) {
    this.items.put({ ...this.items.board, id: 'board', name })
  }

  get seq(): number { return this.ops.length }

  /** do does a command once, however often it comes. */
  do(id: string, what: CommandName, data: Commands[CommandName], by: string, at = Date.now()): Answer {
    const before = this.answers.get(id)
    if (before) return 'op' in before ? { done: before.op.seq } : before
    const answer = this.decide(id, what, data, by, at)
    this.answers.set(id, answer)
    return answer
  }

  /** answered reports whether a command has come here. */
  answered(id: string): boolean {
    return this.answers.has(id)
  }

  join(person: Person): Op {
    return this.record(`join-${person.id}-${this.seq}`, 'PersonJoined', [{ id: person.id, set: { ...person } }], person.id, Date.now())
  }

  private decide(id: string, what: CommandName, data: Commands[CommandName], by: string, at: number): Answer {
    try {
      if (what === 'UndoStep' || what === 'RedoStep') return this.again(id, what, by, at)
      const special = this.special[what] as ((d: unknown, by: string, at: number) => Change[]) | undefined
      const changes = special ? special(data, by, at) : expected(what, data as never, { items: this.items, me: by, now: at })
      if (changes.length === 0) return { done: this.seq }
      stack(this.undos, by).push(this.inverse(changes))
      stack(this.redos, by).length = 0
      return { op: this.record(id, what, changes, by, at) }
    } catch (why) {
      return { no: why instanceof Error ? why.message : String(why), code: why instanceof Refusal ? why.code : 'invalid' }
    }
  }

  private again(id: string, what: 'UndoStep' | 'RedoStep', by: string, at: number): Answer {
    const [from, to] = what === 'UndoStep' ? [this.undos, this.redos] : [this.redos, this.undos]
    const changes = stack(from, by).pop()
    if (!changes) return { no: what === 'UndoStep' ? 'There is nothing of yours to undo.' : 'There is nothing to redo.', code: 'rejected' }
    stack(to, by).push(this.inverse(changes))
    return { op: this.record(id, what === 'UndoStep' ? 'StepUndone' : 'StepRedone', changes, by, at) }
  }

  record(id: string, what: string, changes: Change[], by: string, at: number): Op {
    for (const c of changes) this.items.set(c.id, patch(this.items.all.get(c.id), c))
    const op: Op = { seq: this.seq + 1, id, by, at, what, changes }
    this.ops.push(op)
    return op
  }

  /** inverse returns what takes changes back, in the state before them. */
  private inverse(changes: Change[]): Change[] {
    return changes.map((c): Change => {
      const old = this.items.all.get(c.id) as Record<string, unknown> | undefined
      if (!old) return { id: c.id, gone: true }
      if (c.gone || c.set?.['type'] !== undefined) return { id: c.id, set: { ...old } }
      return { id: c.id, set: Object.fromEntries(Object.keys(c.set ?? {}).map((k) => [k, old[k]])) }
    }).reverse()
  }

  private readonly special: Special = {
    StartPhase: ({ phase }, _, at) => [
      { id: 'board', set: { phase, phaseAt: at, writing: phase === 'explore', timerEnds: 0 } },
      ...(phase === 'explore' ? [] : expected('RevealNotes', { all: true }, { items: this.items, me: '', now: at })),
    ],
  }
}

function stack(of: Map<string, Change[][]>, by: string): Change[][] {
  let list = of.get(by)
  if (!list) of.set(by, (list = []))
  return list
}

/** list returns all items of a board as the wire has them. */
export function list(board: StandInBoard): Item[] {
  return [...board.items.all.values()]
}
