import { api } from './api'
import { browserSocket, type Socket } from './connection'
import { otherPages, storageDrafts, type Drafts } from './drafts'
import { storageKeep, type Keep } from './keep'
import type { Me, Op, State } from './types'

/** History is a part of what happened on a board: up to seq, of head. */
export interface History { ops: Op[]; seq: number; head: number }

/** Outside is what a board needs of the world; tests put their own in its place. */
export interface Outside {
  state: (board: string) => Promise<State>
  history: (board: string, after: number, max: number) => Promise<History>
  dial: (board: string, since: number) => Socket
  keep: (board: string, person: string) => Keep
  drafts: (board: string, person: string) => Drafts
  /** person is who sits here, or null when the server no longer knows them */
  person: () => Promise<Pick<Me, 'person' | 'role'>>
  random: () => number
}

/** browser is the world as a page has it. */
export const browser: Outside = {
  state: (board) => api.state(board),
  history: (board, after, max) => api.history(board, after, max),
  dial: (board, since) => browserSocket(api.liveUrl(board, since)),
  keep: (board, person) => storageKeep(localStorage, board, person),
  drafts: (board, person) => storageDrafts(localStorage, board, person, otherPages),
  person: () => api.me(),
  random: () => Math.random(),
}

/** historyAfter fetches all that happened on a board after an operation. */
export async function historyAfter(outside: Outside, board: string, after: number): Promise<Op[]> {
  const ops: Op[] = []
  for (;;) {
    const page = await outside.history(board, after, 2000)
    ops.push(...page.ops)
    if (page.seq >= page.head || page.seq <= after) return ops
    after = page.seq
  }
}
