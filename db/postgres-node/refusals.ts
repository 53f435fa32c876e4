import { refusals } from '../../chassis/errors.ts'

/** Everything an agent may refuse. None of it is an accident: the controller decides anew from what it sees next. */
export const refuse = refusals({
  PROMISED_HIGHER: [409, 'This node promised a later election'],
  NOT_PREPARED: [409, 'This node was not prepared for this term, or something happened to it since'],
  NOT_READY: [409, 'This node cannot tell yet what it has'],
  NOT_A_MEMBER: [409, 'The data of this node belong to another cluster'],
  HAS_DATA: [409, 'This node held data before'],
  NOT_LEADING: [409, 'This node does not lead this reign, or promised a later one'],
  OWN_LEADER: [409, 'A node does not follow itself']
})
