import type { Duplicate, Imported, Invite, Landed, Me, Modules, Op, Role, State, Summary, Tidied } from './types'

/** ApiError is an answer of the server that says no. */
export class ApiError extends Error {
  constructor(readonly status: number, readonly code: string, message: string) {
    super(message)
  }
}

/** OfflineError says that there was no answer. */
export class OfflineError extends Error {
  constructor() {
    super('The server does not answer. Is it running, and is this machine connected?')
  }
}

/** patience is for how many seconds a page waits when the server says that it is asked for too much. */
const patience = 10

/** call asks the server; when that has no time for it, once more after as long as it says. */
async function call(method: string, path: string, body?: unknown): Promise<Response> {
  let response = await ask(method, path, body)
  const after = Number(response.headers.get('Retry-After'))
  if (response.status === 429 && after > 0 && after <= patience) {
    await new Promise((on) => setTimeout(on, after * 1000))
    response = await ask(method, path, body)
  }
  if (!response.ok) {
    const failure = (await response.json().catch(() => ({}))) as { code?: string; message?: string }
    throw new ApiError(response.status, failure.code ?? String(response.status), failure.message ?? `The server answers ${response.status}.`)
  }
  return response
}

async function ask(method: string, path: string, body?: unknown): Promise<Response> {
  try {
    const init: RequestInit = { method, credentials: 'same-origin', headers: { Accept: 'application/json' } }
    if (body instanceof Blob || typeof body === 'string') init.body = body
    else if (body !== undefined) {
      init.body = JSON.stringify(body)
      init.headers = { Accept: 'application/json', 'Content-Type': 'application/json' }
    }
    return await fetch(path, init)
  } catch {
    throw new OfflineError()
  }
}

async function json<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await call(method, path, body)
  return (response.status === 204 ? undefined : await response.json()) as T
}

/** nameIn is the name of the file that an answer is to be saved as. */
function nameIn(disposition: string): string | undefined {
  const coded = /filename\*=utf-8''([^;]+)/i.exec(disposition)?.[1]
  if (coded !== undefined) return decodeURIComponent(coded)
  return /filename="((?:[^"\\]|\\.)*)"/.exec(disposition)?.[1]?.replace(/\\(.)/g, '$1') ?? /filename=([^;\s"]+)/.exec(disposition)?.[1]
}

const at = (board: string, rest = '') => `/api/boards/${encodeURIComponent(board)}${rest}`

/** ExportOptions says what of a board to export. */
export interface ExportOptions {
  to: 'storm' | 'json' | 'svg' | 'png' | 'pdf' | 'mermaid' | 'asyncapi' | 'cml' | 'eventcatalog' | 'markdown'
  notes?: string[]
  theme?: 'light' | 'dark'
}

/** api is the server's HTTP interface. Every call rejects with an ApiError or an OfflineError. */
export const api = {
  me: () => json<Me>('GET', '/api/me'),
  enter: (name: string, invite?: string) => json<Me>('POST', '/api/enter', invite ? { name, invite } : { name }),
  boards: () => json<Summary[]>('GET', '/api/boards'),
  create: (name: string) => json<Summary>('POST', '/api/boards', { name }),
  rename: (id: string, name: string) => json<Summary>('PATCH', at(id), { name }),
  archive: (id: string, archived: boolean) => json<Summary>('PATCH', at(id), { archived }),
  remove: (id: string) => json<undefined>('DELETE', at(id)),
  state: (id: string) => json<State>('GET', at(id, '/state')),
  history: (id: string, after: number, max: number) => json<{ ops: Op[]; seq: number; head: number }>('GET', at(id, `/history?after=${after}&max=${max}`)),
  duplicates: (id: string, least = 0.7) => json<Duplicate[]>('GET', at(id, `/duplicates?least=${least}`)),
  modules: (id: string) => json<Modules>('GET', at(id, '/modules')),
  land: (id: string, overwrite?: Record<string, string>) => json<Landed>('POST', at(id, '/land'), overwrite ? { overwrite } : {}),
  import: (id: string, name: string, file: Blob) => json<Imported>('POST', at(id, `/import?name=${encodeURIComponent(name)}`), file),
  tidy: (id: string, ids?: string[]) => json<Tidied>('POST', at(id, '/tidy'), ids ? { ids } : {}),
  minutes: async (id: string) => (await call('GET', at(id, '/minutes'))).text(),
  invites: (id: string) => json<Invite[]>('GET', at(id, '/invites')),
  invite: (id: string, role: Role) => json<Invite>('POST', at(id, '/invites'), { role }),
  revoke: (id: string, invite: string) => json<undefined>('DELETE', at(id, `/invites/${encodeURIComponent(invite)}`)),
  /** export makes a file of a board. */
  async export(id: string, o: ExportOptions): Promise<{ name: string; file: Blob }> {
    const q = new URLSearchParams({ to: o.to })
    if (o.notes?.length) q.set('notes', o.notes.join(','))
    if (o.theme) q.set('theme', o.theme)
    const response = await call('GET', at(id, `/export?${q.toString()}`))
    return { name: nameIn(response.headers.get('Content-Disposition') ?? '') ?? `board.${o.to}`, file: await response.blob() }
  },
  liveUrl(id: string, since: number): string {
    return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${at(id, `/live?since=${since}`)}`
  },
}
