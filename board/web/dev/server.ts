import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Plugin, PreviewServer, ViteDevServer } from 'vite'
import { WebSocketServer, type WebSocket } from 'ws'
import type { ClientMessage, ServerMessage } from '../src/wire/protocol.ts'
import type { CommandName, Commands, Online, Op, Person } from '../src/model/types.ts'
import { StandInApi } from './api.ts'
import type { StandInBoard } from './board.ts'

/**
 * standIn answers for the server while the page is developed: "npm run dev", then
 * /b/demo, or /b/n5000 for a board of 5,000 notes. A name that begins with
 * "guest" enters as a participant, one with "viewer" as a viewer. It is not part
 * of what is built.
 */
export function standIn(): Plugin {
  return {
    name: 'landfall-stand-in',
    apply: (_, { command, mode }) => command === 'serve' && mode !== 'test',
    configureServer: serve,
    configurePreviewServer: serve,
  }
}

function serve(server: ViteDevServer | PreviewServer): void {
  const api = new StandInApi()
  const hub = new Hub(api)
  server.middlewares.use((req, res, next) => {
    if (req.url?.startsWith('/api/')) void answer(api, hub, req, res)
    else next()
  })
  const sockets = new WebSocketServer({ noServer: true })
  server.httpServer?.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    const path = /^\/api\/boards\/([^/]+)\/live\?since=(\d+)/.exec(req.url ?? '')
    const person = path && who(api, req)
    const board = path && api.board(decodeURIComponent(path[1]!))
    if (!path) return
    if (!person || !board) {
      socket.destroy()
      return
    }
    sockets.handleUpgrade(req, socket, head, (ws) => hub.join(ws, board, person, Number(path[2])))
  })
}

function who(api: StandInApi, req: IncomingMessage): Person | null {
  const id = /(?:^|; )person=([^;]+)/.exec(req.headers.cookie ?? '')?.[1]
  return (id && api.people.get(id)) || null
}

async function answer(api: StandInApi, hub: Hub, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const url = new URL(req.url ?? '/', 'http://127.0.0.1')
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer)
  const reply = api.handle(req.method ?? 'GET', url.pathname, url.searchParams, Buffer.concat(chunks).toString(), who(api, req))
  if (reply.cookie) res.setHeader('Set-Cookie', `person=${reply.cookie}; Path=/; SameSite=Strict; HttpOnly`)
  res.statusCode = reply.status
  res.setHeader('Content-Type', reply.type ?? 'application/json')
  res.end(reply.type ? reply.body : reply.body === undefined ? '' : JSON.stringify(reply.body))
  hub.soon()
}

interface Guest { ws: WebSocket; board: StandInBoard; person: Person; seen: number }

class Hub {
  private readonly guests = new Set<Guest>()
  private readonly here = new Map<StandInBoard, Map<string, Online>>()
  private readonly news = new Map<StandInBoard, Map<string, Online>>()
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly api: StandInApi) {}

  join(ws: WebSocket, board: StandInBoard, person: Person, since: number): void {
    if (!board.items.people.has(person.id)) board.join(person)
    const people = this.peopleOf(board)
    people.set(person.id, people.get(person.id) ?? { p: person.id })
    const guest: Guest = { ws, board, person, seen: since }
    this.guests.add(guest)
    send(ws, { t: 'welcome', you: person.id, role: person.role, seq: board.seq, people: [...people.values()], now: Date.now() })
    this.tell(board, { p: person.id })
    ws.on('message', (data) => this.heard(guest, JSON.parse((data as Buffer).toString()) as ClientMessage))
    ws.on('close', () => this.left(guest))
    this.soon()
  }

  private left(guest: Guest): void {
    this.guests.delete(guest)
    if ([...this.guests].some((g) => g.board === guest.board && g.person.id === guest.person.id)) return
    this.peopleOf(guest.board).delete(guest.person.id)
    for (const g of this.guests) if (g.board === guest.board) send(g.ws, { t: 'tick', seq: g.seen, gone: [guest.person.id] })
  }

  private heard(guest: Guest, m: ClientMessage): void {
    if (m.t === 'ping') return send(guest.ws, { t: 'pong' })
    if (m.t === 'here') {
      return this.tell(guest.board, { ...m, p: guest.person.id })
    }
    if (this.api.people.get(guest.person.id)?.role === 'viewer') {
      return send(guest.ws, { t: 'no', id: m.id, code: 'forbidden', message: 'A viewer changes nothing.' })
    }
    const reply = guest.board.do(m.id, m.what as CommandName, m.data as Commands[CommandName], guest.person.id)
    if ('no' in reply) send(guest.ws, { t: 'no', id: m.id, code: reply.code, message: reply.no })
    else if ('done' in reply) send(guest.ws, { t: 'done', id: m.id, seq: reply.done })
    this.soon()
  }

  private tell(board: StandInBoard, here: Online): void {
    const people = this.peopleOf(board)
    people.set(here.p, { ...people.get(here.p), ...here })
    let news = this.news.get(board)
    if (!news) this.news.set(board, (news = new Map<string, Online>()))
    news.set(here.p, { ...news.get(here.p), ...here })
    this.soon()
  }

  private peopleOf(board: StandInBoard): Map<string, Online> {
    let people = this.here.get(board)
    if (!people) this.here.set(board, (people = new Map<string, Online>()))
    return people
  }

  soon(): void {
    this.timer ??= setTimeout(() => this.tick(), 30)
  }

  private tick(): void {
    this.timer = undefined
    for (const g of this.guests) {
      const here = [...(this.news.get(g.board)?.values() ?? [])]
      const ops = g.board.ops.slice(g.seen).map((op) => hide(op, g))
      if (ops.length === 0 && here.length === 0) continue
      g.seen = g.board.seq
      send(g.ws, { t: 'tick', seq: g.seen, ops: ops as never, here })
    }
    this.news.clear()
  }
}

/** hide leaves out what another wrote alone. */
function hide(op: Op, to: Guest): Op {
  if (op.by === to.person.id) return op
  return {
    ...op,
    changes: op.changes.flatMap((c) => {
      const n = to.board.items.notes.get(c.id)
      if (n?.private) return []
      return c.set?.['private'] === false && n ? [{ id: c.id, set: { ...n } }] : [c]
    }),
  }
}

function send(ws: WebSocket, m: ServerMessage): void {
  if (ws.readyState === ws.OPEN) ws.send(JSON.stringify(m))
}
