import type { Look } from './look'

const step = 32 // board pixels between two dots, doubled until they are far enough apart to be calm
const closest = 22 // CSS pixels

/** paintGround fills the wall with its colour and its grid of dots. The dots are small squares of whole pixels: a pattern would be worked out anew for every pixel of the wall. */
export function paintGround(g: CanvasRenderingContext2D, l: Look): void {
  const w = Math.ceil(l.view.w * l.density)
  const h = Math.ceil(l.view.h * l.density)
  g.setTransform(1, 0, 0, 1, 0, 0)
  g.fillStyle = l.ink.ground
  g.fillRect(0, 0, w, h)
  let gap = step
  while (gap * l.camera.zoom < closest) gap *= 2
  const k = l.camera.zoom * l.density
  const size = Math.max(1, Math.round(l.density * Math.min(2.4, Math.max(1.5, gap * l.camera.zoom * 0.06))))
  g.fillStyle = l.theme === 'light' ? '#ddd6c6' : '#2e323b'
  const first = Math.ceil(l.camera.x / gap) * gap
  for (let y = Math.ceil(l.camera.y / gap) * gap; (y - l.camera.y) * k < h; y += gap) {
    const top = Math.round((y - l.camera.y) * k)
    for (let x = first; (x - l.camera.x) * k < w; x += gap) g.fillRect(Math.round((x - l.camera.x) * k), top, size, size)
  }
}
