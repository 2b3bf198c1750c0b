import type { Duplicate, Modules, Person, Role, Summary } from '../src/model/types.ts'
import { list, StandInBoard } from './board.ts'
import { fillMany, fillSample } from './sample.ts'

// The stand-in's answers over HTTP, without the HTTP.

interface Reply { status: number; body?: unknown; type?: string; cookie?: string }
type Invite = { id: string; role: Role; link: string; made: number; revoked: boolean; used: number }

const colors = ['#2f78bd', '#bf5a22', '#2f8a50', '#8350b5', '#a87a08', '#b93a72', '#1f868d', '#5d62c9']

export class StandInApi {
  readonly boards = new Map<string, { board: StandInBoard; archived: boolean; invites: Invite[] }>()
  readonly people = new Map<string, Person>()
  private made = 0

  constructor() {
    fillSample(this.open('demo', 'Mars Rover'))
    this.open('empty', 'An empty board')
  }

  /** board returns a board; n5000 is one with 5,000 notes. */
  board(id: string): StandInBoard | undefined {
    const many = /^n(\d{1,5})$/.exec(id)
    if (many && !this.boards.has(id)) fillMany(this.open(id, `${many[1]} notes`), Number(many[1]))
    return this.boards.get(id)?.board
  }

  private open(id: string, name: string): StandInBoard {
    const board = new StandInBoard(id, name)
    this.boards.set(id, { board, archived: false, invites: [] })
    return board
  }

  handle(method: string, path: string, query: URLSearchParams, body: string, person: Person | null): Reply {
    const [, , top, id, rest, which] = path.split('/')
    if (top === 'me') return { status: 200, body: { person, open: true, role: person?.role ?? '' } }
    if (top === 'enter') return this.enter(body, person)
    if (!person) return no(401, 'forbidden', 'Enter first.')
    if (top !== 'boards') return no(404, 'notfound', 'There is no such page.')
    if (!id) return this.list(method, body)
    const board = this.board(decodeURIComponent(id))
    if (!board) return no(404, 'notfound', 'There is no such board. It may have been deleted.')
    return rest ? this.within(method, rest, which ?? '', query, body, board) : this.change(method, body, board)
  }

  private enter(body: string, person: Person | null): Reply {
    const { name } = JSON.parse(body) as { name: string }
    if (name.trim() === '') return no(400, 'invalid', 'A name is needed.')
    const p: Person = person ? { ...person, name } : {
      type: 'person', id: `person-${++this.made}`, name, color: colors[this.made % colors.length]!,
      role: name.startsWith('viewer') ? 'viewer' : name.startsWith('guest') ? 'participant' : 'facilitator',
    }
    this.people.set(p.id, p)
    for (const { board } of this.boards.values()) if (board.items.people.has(p.id)) board.join(p)
    return { status: 200, body: { person: p, open: true, role: p.role }, cookie: p.id }
  }

  private list(method: string, body: string): Reply {
    if (method === 'GET') return { status: 200, body: [...this.boards.keys()].map((id) => this.summary(id)) }
    const { name } = JSON.parse(body) as { name: string }
    const id = name.toLowerCase().replace(/[^a-z0-9]+/g, '-') || 'board'
    if (this.boards.has(id)) return no(409, 'rejected', 'There is a board of that name already.')
    this.open(id, name)
    return { status: 201, body: this.summary(id) }
  }

  private change(method: string, body: string, board: StandInBoard): Reply {
    if (method === 'DELETE') {
      this.boards.delete(board.id)
      return { status: 204 }
    }
    const patch = JSON.parse(body) as { name?: string; archived?: boolean }
    if (patch.name) board.record(`name-${board.seq}`, 'BoardNamed', [{ id: 'board', set: { name: patch.name } }], '', Date.now())
    if (patch.archived !== undefined) this.boards.get(board.id)!.archived = patch.archived
    return { status: 200, body: this.summary(board.id) }
  }

  private summary(id: string): Summary {
    const { board, archived } = this.boards.get(id)!
    return {
      id, name: board.items.board.name, path: `/home/you/${id}/${id}.storm`, archived, changed: board.ops.at(-1)?.at ?? 0,
      notes: board.items.notes.size, role: 'facilitator',
    }
  }

  private within(method: string, rest: string, which: string, query: URLSearchParams, body: string, board: StandInBoard): Reply {
    switch (rest) {
      case 'state': return { status: 200, body: { seq: board.seq, items: list(board) } }
      case 'history': {
        const after = Number(query.get('after') ?? 0)
        const ops = board.ops.slice(after, after + Number(query.get('max') ?? 1000))
        return { status: 200, body: { ops, seq: after + ops.length, head: board.seq } }
      }
      case 'duplicates': return { status: 200, body: duplicates(board) }
      case 'modules': return { status: 200, body: modules(board) }
      case 'land': return { status: 200, body: { landed: [...board.items.files.values()].map((f) => f.path), conflicts: [] } }
      case 'import': return { status: 200, body: { notes: 0, links: 0, messages: [`The stand-in read ${body.length} characters and took nothing over.`] } }
      case 'export': return { status: 200, body: `${query.get('to')} of ${board.id}`, type: 'text/plain' }
      case 'minutes': return { status: 200, body: `# ${board.items.board.name}\n\n## Goals\n\n${board.items.board.goals.map((g) => `- ${g}\n`).join('')}`, type: 'text/markdown' }
      case 'invites': return this.invites(method, which, body, board)
    }
    return no(404, 'notfound', 'There is no such page.')
  }

  private invites(method: string, which: string, body: string, board: StandInBoard): Reply {
    const { invites } = this.boards.get(board.id)!
    if (method === 'GET') return { status: 200, body: invites.map(({ id, role, made, revoked, used }) => ({ id, role, made, revoked, used })) }
    if (method === 'DELETE') {
      for (const i of invites) if (i.id === which) i.revoked = true
      return { status: 204 }
    }
    const { role } = JSON.parse(body) as { role: Role }
    const id = `invite-${invites.length + 1}`
    const made: Invite = { id, role, link: `http://127.0.0.1:5173/join#${crypto.randomUUID()}`, made: Date.now(), revoked: false, used: 0 }
    invites.push(made)
    return { status: 201, body: made }
  }
}

function no(status: number, code: string, message: string): Reply {
  return { status, body: { code, message } }
}

function duplicates(board: StandInBoard): Duplicate[] {
  const groups = new Map<string, string[]>()
  for (const n of board.items.notes.values()) {
    const key = n.kind + n.text.toLowerCase().replace(/[^a-z]/g, '')
    groups.set(key, [...(groups.get(key) ?? []), n.id])
  }
  return [...groups.values()].filter((g) => g.length > 1).slice(0, 50).map((notes) => ({ notes, score: 0.95, why: 'the same but for spaces and case' }))
}

function modules(board: StandInBoard): Modules {
  const frames = [...board.items.notes.values()].filter((n) => n.kind === 'module')
  const name = new Map(frames.map((f) => [f.id, f.text]))
  const messages = new Map<string, { from: string; to: string; names: string[] }>()
  for (const l of board.items.links.values()) {
    const a = board.items.notes.get(l.from)
    const b = board.items.notes.get(l.to)
    if (!a?.module || !b?.module || a.module === b.module) continue
    const key = a.module + ' ' + b.module
    const m = messages.get(key) ?? { from: name.get(a.module) ?? '', to: name.get(b.module) ?? '', names: [] }
    m.names.push(l.verb === 'invokes' ? b.text : a.text)
    messages.set(key, m)
  }
  const flow = [...board.items.notes.values()].filter((n) => n.module !== '')
  return {
    modules: frames.map((f) => ({ note: f.id, name: f.text, team: f.team })),
    messages: [...messages.values()],
    flows: frames.length > 0 ? [{ name: 'Obstacle', notes: flow.map((n) => n.id), teams: frames.map((f) => f.team) }] : [],
  }
}
