import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Row } from './order'

/** So many rows are drawn together, and a list with no more rows than whole at once. */
const block = 40
const whole = 200
/** So many pixels before a gap comes into view its rows are drawn. */
const ahead = 1200
/** About the height of a row in pixels; what is drawn has its own. */
const height = 41

/**
 * Rows are the rows of a part. Of a long list only those are drawn that have been
 * near to what is seen, or that are wanted; gaps keep the room of the others. Each
 * row says which of how many it is.
 */
export function Rows({ rows, wanted, draw }: { rows: readonly Row[]; wanted: readonly string[]; draw: (row: Row, at: number) => VNode }) {
  const [near, come] = useState<ReadonlySet<number>>(new Set([0]))
  const short = rows.length <= whole
  const show = short ? near : withWanted(near, rows, wanted)
  useEffect(() => { if (show !== near) come(show) }, [show])
  if (short) return <>{rows.map(draw)}</>
  const out: VNode[] = []
  for (let at = 0; at < rows.length; at += block) {
    const i = at / block
    const these = rows.slice(at, at + block)
    if (show.has(i)) out.push(...these.map((r, j) => draw(r, at + j)))
    else out.push(<Gap key={`gap ${i}`} rows={these} onNear={() => come((s) => new Set(s).add(i))} />)
  }
  return <>{out}</>
}

/** withWanted adds the blocks of the rows with some ids. */
function withWanted(near: ReadonlySet<number>, rows: readonly Row[], wanted: readonly string[]): ReadonlySet<number> {
  let show: Set<number> | undefined
  for (const id of wanted) {
    if (id === '') continue
    const at = rows.findIndex((r) => r.note.id === id || r.attached.some((a) => a.id === id))
    const i = Math.floor(at / block)
    if (at >= 0 && !near.has(i)) (show ??= new Set(near)).add(i)
  }
  return show ?? near
}

function Gap({ rows, onNear }: { rows: readonly Row[]; onNear: () => void }) {
  const ref = useRef<HTMLLIElement>(null)
  const lines = rows.reduce((n, r) => n + 1 + r.attached.length, 0)
  useEffect(() => {
    if (ref.current) ref.current.style.height = `${lines * height}px`
  }, [lines])
  useEffect(() => {
    if (!ref.current) return
    const watch = new IntersectionObserver((seen) => { if (seen.some((e) => e.isIntersecting)) onNear() }, { root: ref.current.closest('.list-view'), rootMargin: `${ahead}px 0px` })
    watch.observe(ref.current)
    return () => watch.disconnect()
  }, [])
  return <li class="list-gap" ref={ref} aria-hidden="true" />
}
