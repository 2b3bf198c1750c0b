import { signal, type ReadonlySignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { BoardModel } from '../model/board'
import { countdown, type Countdown } from './countdown'

const beat = signal(0)
let watchers = 0
let interval: ReturnType<typeof setInterval> | undefined

/** useBeat makes a component draw itself anew four times a second, while it is there and wants to. */
export function useBeat(wanted: boolean): ReadonlySignal<number> {
  useEffect(() => {
    if (!wanted) return
    watchers++
    interval ??= setInterval(() => beat.value++, 250)
    return () => {
      if (--watchers === 0) {
        clearInterval(interval)
        interval = undefined
      }
    }
  }, [wanted])
  return beat
}

/** useCountdown is what the session's timer shows, as it goes on. */
export function useCountdown(model: BoardModel): Countdown {
  void model.version.value
  const ends = model.board().timerEnds
  const beat = useBeat(ends > 0)
  if (ends > 0) void beat.value
  return countdown(ends, model.now(), 0)
}

const stored = (): boolean => {
  try {
    return localStorage.getItem('landfall:timer-sound') === 'on'
  } catch {
    return false
  }
}

/** Whether the end of the timer is heard in this browser. */
export const sound = signal(stored())

/** Turns the sound on or off, and remembers it. A first press also lets the browser play at all. */
export function setSound(on: boolean): void {
  sound.value = on
  try {
    localStorage.setItem('landfall:timer-sound', on ? 'on' : 'off')
  } catch {
    // It is then for this visit alone.
  }
  if (on) ring(0.05)
}

let audio: AudioContext | undefined

/** Plays three soft tones. Nothing is heard where the browser does not allow it. */
export function ring(volume = 0.15): void {
  if (typeof AudioContext === 'undefined') return
  audio ??= new AudioContext()
  void audio.resume()
  const gain = audio.createGain()
  gain.connect(audio.destination)
  gain.gain.setValueAtTime(volume, audio.currentTime)
  gain.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 1.6)
  for (const [i, tone] of [523, 659, 784].entries()) {
    const o = audio.createOscillator()
    o.frequency.value = tone
    o.connect(gain)
    o.start(audio.currentTime + i * 0.25)
    o.stop(audio.currentTime + 1.6)
  }
}
