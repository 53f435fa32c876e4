import { readConfig } from '../chassis/config.ts'
import { lifecycle } from '../chassis/lifecycle.ts'
import { createLog } from '../chassis/log.ts'
import { createServer } from '../chassis/server.ts'
import { Config, readPasswords } from './postgres-node/config.ts'
import { http } from './postgres-node/http.ts'
import { closeNode, openNode } from './postgres-node/node.ts'

const config = readConfig(Config, process.env)
const log = createLog(`postgres-node ${config.NODE_NAME}`, config.LOG_LEVEL)
const life = lifecycle(log, config.STOP_MS_MAX)

// PostgreSQL outlives this process when it is killed, and ends with it when it is asked to end.
const node = life.use('postgres', await openNode(config, readPasswords(config.PASSWORDS_FILE), log), closeNode)
const app = life.use('http', createServer(log), (app) => app.close())

app.get('/readyz', async () => ({ ready: true }))
await app.register(http, { node })
await app.listen({ host: config.LISTEN_ADDRESS, port: config.PORT })
