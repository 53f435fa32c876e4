/** Which rooms a room may enter, beside itself. Read by the boundary check and by nothing that runs the shop. */
export const DOORS: Record<string, string[]> = {
  contracts: [],
  chassis: ['contracts'],
  'reservation-service': ['chassis', 'contracts'],
  orchestrator: ['chassis', 'contracts'],
  'billing-service': ['chassis', 'contracts'],
  portal: ['chassis', 'contracts'],
  db: ['chassis'],
  cluster: ['chassis'],
  chaos: ['cluster', 'chassis', 'contracts'],
  bench: ['cluster', 'chassis', 'contracts']
}

/** Where test databases come from. */
export const FOR_TESTS = ['db']
