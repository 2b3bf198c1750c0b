import type { BoardModel } from '../model/board'
import { kindOf } from '../model/kinds'
import type { Note, Problem } from '../model/types'
import { name } from './joining'
import type { Marks } from './paint/badges'

const worst = { error: 3, warning: 2, hint: 1 } as const

/** byNote sorts problems by the notes that they are about. */
export function byNote(problems: readonly Problem[]): Map<string, Problem[]> {
  const out = new Map<string, Problem[]>()
  for (const p of problems) {
    for (const id of p.notes) {
      const list = out.get(id)
      if (list) list.push(p)
      else out.set(id, [p])
    }
  }
  return out
}

/** marksOf returns what hangs on a note. */
export function marksOf(model: Pick<BoardModel, 'comments'>, n: Note, problems: readonly Problem[]): Marks {
  const comments = model.comments(n.id).filter((c) => !c.settled).length
  let problem: Marks['problem']
  for (const p of problems) if (!problem || worst[p.severity] > worst[problem]) problem = p.severity
  return problem ? { comments, problem, problems: problems.length } : { comments, problems: 0 }
}

/** described says what a note is, for who does not see it. */
export function described(model: Pick<BoardModel, 'note' | 'linksOf'>, n: Note, problems: number): string {
  const parts = [kindOf(n.kind).name, name(n)]
  if (n.pivotal) parts.push('pivotal')
  const frame = n.module === '' ? undefined : model.note(n.module)
  if (frame) parts.push(`in ${name(frame)}`)
  const links = model.linksOf(n.id).length
  if (links > 0) parts.push(links === 1 ? '1 link' : `${links} links`)
  if (problems > 0) parts.push(problems === 1 ? '1 problem' : `${problems} problems`)
  return parts.join(', ')
}
