import { readConfig } from '../chassis/config.ts'
import { lifecycle } from '../chassis/lifecycle.ts'
import { createLog } from '../chassis/log.ts'
import { createServer } from '../chassis/server.ts'
import { Config, readPasswords } from './postgres-node/config.ts'
import { http } from './postgres-node/http.ts'
import { closeNode, type Node, openNode } from './postgres-node/node.ts'
import { watchStream } from './postgres-node/stream.ts'

const config = readConfig(Config, process.env)
const log = createLog(`postgres-node ${config.NODE_NAME}`, config.LOG_LEVEL)
const life = lifecycle(log, config.STOP_MS_MAX)
const opening = Promise.withResolvers<Node>()
let ready = false

// The port first: a second agent of this node ends here, and does not touch the data of the first.
const app = life.use('http', createServer(log), (app) => app.close())
app.get('/readyz', (_request, reply) => reply.code(ready ? 200 : 503).send({ ready, missing: ready ? [] : ['its data'] }))
await app.register(http, { token: config.AGENT_TOKEN, node: opening.promise })
await app.listen({ host: config.LISTEN_ADDRESS, port: config.PORT })

// PostgreSQL outlives this process when it is killed, and ends with it when it is asked to end.
const node = life.use('postgres', await openNode(config, readPasswords(config.PASSWORDS_FILE), log), closeNode)
opening.resolve(node)
life.use('stream', watchStream(node), (loop) => void loop.stop()) // a look under way harms nothing: it is not waited for
ready = true
