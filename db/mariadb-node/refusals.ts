import { refusals } from '../../chassis/errors.ts'

/** Why a node is not promoted, or does not yield. Nothing has been changed then. */
export const refuse = refusals({
  RUNS_ALONE: [409, 'The leader commits without this node, which may lack what was acknowledged'],
  PRIMARY_IS_WELL: [409, 'The primary answers and takes writes'],
  NOT_WHOLE: [409, 'This node cannot show that it has everything that was acknowledged'],
  LATER_TERM: [409, 'This node has heard of a later promotion, or of another one'],
  NOT_YET: [503, 'The promotion stands, but the node does not lead yet']
})
