import { DOORS, FOR_TESTS } from './cluster/doors.ts'

const rooms = Object.keys(DOORS)
const isTest = '(\\.test\\.ts$|(^|/)(given|test)[^/]*\\.ts$)'

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...rooms.flatMap((room) => {
      const allowed = [room, ...DOORS[room]]
      return [
        {
          name: `${room}-enters-only-${DOORS[room].join('-') || 'itself'}`,
          severity: 'error',
          from: { path: `^${room}/`, pathNot: isTest },
          to: { path: `^(${rooms.join('|')})/`, pathNot: `^(${allowed.join('|')})/` }
        },
        {
          name: `tests-of-${room}-enter-only-its-doors-and-${FOR_TESTS.join('-')}`,
          severity: 'error',
          from: { path: `^${room}/.*${isTest}` },
          to: { path: `^(${rooms.join('|')})/`, pathNot: `^(${[...allowed, ...FOR_TESTS].join('|')})/` }
        }
      ]
    }),
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'only-tests-enter-test-files',
      severity: 'error',
      from: { pathNot: isTest },
      to: { path: `^(${rooms.join('|')})/.*${isTest}` }
    },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } }
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(portal/public|node_modules|artifacts|\\.cluster)' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['node', 'import', 'require', 'types', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.json', '.d.ts']
    }
  }
}
