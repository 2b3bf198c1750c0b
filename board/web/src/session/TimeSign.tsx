import { useEffect, useRef, useState } from 'preact/hooks'
import type { BoardModel } from '../model/board'
import { announcement, type Countdown } from './countdown'
import { phaseOf } from './phases'
import { ring, sound, useCountdown } from './ticking'
import './session.css'

/**
 * TimeSign says the moments of the timer and a new phase aloud, and shows a sign
 * when time is up. It is always there, whatever panel is open.
 */
export function TimeSign({ model }: { model: BoardModel }) {
  const said = useSaid(model, useCountdown(model))
  return (
    <div class="time-sign">
      <span class="sr-only" role="status">{said.text}</span>
      {said.sign && <TimeUp onClose={said.close} />}
    </div>
  )
}

function useSaid(model: BoardModel, time: Countdown): { text: string; sign: boolean; close: () => void } {
  const before = useRef(time)
  const phase = useRef(model.board().phase)
  const [text, say] = useState('')
  const [sign, show] = useState(false)
  const now = model.board().phase
  useEffect(() => {
    const news = announcement(before.current, time)
    before.current = time
    if (news !== '') say(news)
    if (news === 'Time is up.') {
      show(true)
      if (sound.peek()) ring()
    }
    if (time.state !== 'over') show(false)
  }, [time.state, model.board().timerEnds])
  useEffect(() => {
    if (phase.current !== now) say(`The session is now in the phase ${phaseOf(now)?.title ?? now}.`)
    phase.current = now
  }, [now])
  return { text, sign, close: () => show(false) }
}

/** TimeUp is the sign at the end. It goes by itself after a while. */
function TimeUp({ onClose }: { onClose: () => void }) {
  useEffect(() => {
    const timer = setTimeout(onClose, 8000)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div class="time-up">
      <strong>Time is up</strong>
      <button type="button" class="quiet" onClick={onClose} aria-label="Put the sign away">✕</button>
    </div>
  )
}
