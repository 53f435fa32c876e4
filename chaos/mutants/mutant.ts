/** One place of the sources that is changed. What is looked for must be there exactly once, or the mutant has lost its way. */
export interface Edit {
  file: string
  find: string
  put: string
}

/** Who must notice that something is missing, and by which check. Red for any other reason proves nothing. */
export type Detector =
  /** A fault done to a whole shop. `check` is in the violation that it must report. */
  | { scenario: string; runs: number; check: string }
  /** A file of tests. `check` is in the name of the first test that fails, and `says` in what that tells. */
  | { test: string; needs: 'nothing' | 'a shop'; check: string; says?: string }

/** The product without one of the things that its promises stand on. */
export interface Mutant {
  name: string
  /** In one phrase: what the product does then. */
  takenAway: string
  edits: Edit[]
  detector: Detector
}
