import { readFile } from 'node:fs/promises'
import { Value } from 'typebox/value'
import { readConfig } from '../chassis/config.ts'
import { lifecycle } from '../chassis/lifecycle.ts'
import { createLog } from '../chassis/log.ts'
import { type Loop, repeat } from '../chassis/repeat.ts'
import { createServer } from '../chassis/server.ts'
import { MariadbNodeConfig, MariadbPasswords, otherNode } from './config.ts'
import { http } from './mariadb-node/http.ts'
import { openLayout } from './mariadb-node/layout.ts'
import { mariadbNode } from './mariadb-node/node.ts'
import { openPeer } from './mariadb-node/peer.ts'
import { openRoles } from './mariadb-node/role.ts'

const LOOK_MS = 500

const config = readConfig(MariadbNodeConfig, process.env)
const log = createLog('mariadb-node', config.LOG_LEVEL).child({ node: config.NODE_NAME })
const life = lifecycle(log, config.STOP_MS_MAX)

const passwords = Value.Parse(MariadbPasswords, JSON.parse(await readFile(config.PASSWORDS_FILE, 'utf8')))
const layout = await openLayout(config.DATA_DIRECTORY)
const [other, otherAddress] = otherNode(config)
const place = { name: config.NODE_NAME, address: config.LISTEN_ADDRESS, port: config.MARIADB_PORT }
const roles = await openRoles(layout.root, config.ROLE === 'primary' ? place.name : other)
const peer = openPeer(`http://${otherAddress}:${config.PORT}`, config.AGENT_TOKEN)
const source = { host: otherAddress, port: config.MARIADB_PORT, user: 'replicator', password: passwords.replicator }

let loop: Loop | undefined
const node = mariadbNode({ layout, place, roles, peer, source, passwords, log }, () => loop?.nudge())
loop = repeat(log, LOOK_MS, node.tendOnce)
life.use('node', loop, async ({ stop }) => {
  node.letGo()
  await stop()
  await node.stop(config.STOP_MS_MAX - 500)
})

const app = life.use('http', createServer(log), (server) => server.close())
await app.register(http, { token: config.AGENT_TOKEN, node })
await app.listen({ host: config.LISTEN_ADDRESS, port: config.PORT })
log.info({ ...roles.read() }, 'agent started')
