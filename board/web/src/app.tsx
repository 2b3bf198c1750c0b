import { useEffect, useMemo } from 'preact/hooks'
import { BoardModel } from './model/board'
import { Wall } from './wall/Wall'

/** App is the page. */
export function App() {
  const model = useMemo(() => new BoardModel('demo'), [])
  useEffect(() => {
    void model.start()
    return () => model.stop()
  }, [model])
  return <main><Wall model={model} /></main>
}
