import type { Evidence, Moment } from '../evidence.ts'

/** When one fault was done, and when its run was over. */
export interface RunMoments {
  run: number
  began: Moment
  struck: Moment
  healed: Moment
  /** Everything was as before, or nobody waited any longer for that. */
  whole: Moment
  ended: Moment
}

/** @returns What was begun and came to its end; a run that broke off counts as long as it was written down. */
export function runsIn(timeline: Evidence['timeline']): RunMoments[] {
  return [...Map.groupBy(timeline, ({ run }) => run)].map(([run, moments]) => {
    const first = (...whats: Array<Moment['what']>) => whats.flatMap((what) => moments.filter((moment) => moment.what === what))[0]
    const last = moments.at(-1)!
    const ended = first('ended') ?? last
    return {
      run,
      began: first('began') ?? moments[0]!,
      struck: first('struck', 'healed') ?? moments[0]!,
      healed: first('healed') ?? ended,
      whole: first('whole') ?? ended,
      ended
    }
  })
}
