import { useState } from 'preact/hooks'
import type { BoardModel } from '../model/board'
import { extended } from './countdown'
import { phaseOf } from './phases'
import { setSound, sound, useCountdown } from './ticking'

/** Timer shows the time that is left to all, and lets the facilitator set it. */
export function Timer({ model }: { model: BoardModel }) {
  const shown = useCountdown(model)
  const leads = model.role.value === 'facilitator' && model.mayEdit()
  const usual = phaseOf(model.board().phase)?.minutes ?? 10
  const [minutes, set] = useState<number | null>(null)
  const running = shown.state !== 'off'
  const start = () => model.do('SetTimer', { seconds: Math.round((minutes ?? usual) * 60) })
  const extend = (by: number) => model.do('SetTimer', { seconds: extended(model.board().timerEnds, model.now(), 0, by) })
  return (
    <section class="panel-part">
      <h3>Timer</h3>
      <p class={`timer timer-${shown.state}`} role="timer" aria-label="Time left">{running ? shown.text : '–:––'}</p>
      {shown.state === 'over' && <p class="hint">Time is up.</p>}
      {leads && (
        <div class="row">
          <label class="row timer-minutes"><span class="sr-only">Minutes</span><input type="number" min={1} max={240} value={minutes ?? usual} onInput={(e) => set(Number(e.currentTarget.value) || null)} /> min</label>
          <button type="button" class={running ? '' : 'primary'} onClick={start}>{running ? 'Start anew' : 'Start'}</button>
          {running && <button type="button" onClick={() => extend(1)}>+1 min</button>}
          {running && <button type="button" onClick={() => extend(5)}>+5 min</button>}
          {running && <button type="button" onClick={() => model.do('SetTimer', { seconds: 0 })}>Stop</button>}
        </div>
      )}
      <label class="row check"><input type="checkbox" checked={sound.value} onChange={(e) => setSound(e.currentTarget.checked)} /> Ring here at the end</label>
    </section>
  )
}
