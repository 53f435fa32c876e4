import type { Connection } from 'mysql2/promise'
import type { MariadbPasswords } from '../config.ts'

/** Everything inside a database, and nothing about the server: no account of ours writes to a read-only replica. */
const OWNER = `select, insert, update, delete, create, drop, references, index, alter, create temporary tables, lock tables, execute,
  create view, show view, create routine, alter routine, event, trigger, create user, show databases, reload, process, connection admin`
const REPLICATOR = 'replication slave, binlog monitor, select, show view, trigger, event, lock tables, reload, process'

const GRANTS: Record<keyof MariadbPasswords, string> = {
  owner: `${OWNER} on *.* to owner@'%' with grant option`,
  replicator: `${REPLICATOR} on *.* to replicator@'%'`,
  writer: "select, insert, update, delete on billing.* to writer@'%'",
  reader: "select on billing.* to reader@'%'"
}

/** Who uses documents has to tell the leader from the other node. */
const ASKING_WHO_LEADS = ['writer', 'reader']

/**
 * Makes the database and the accounts what they should be, on this node alone:
 * every node does it for itself at every start, so they need no replica, come
 * with no copy, and follow a change of passwords.
 */
export async function ensureAccounts(connection: Connection, passwords: MariadbPasswords): Promise<void> {
  await connection.query('set sql_log_bin = 0')
  await connection.query('create database if not exists billing character set utf8mb4')
  for (const [name, grant] of Object.entries(GRANTS)) {
    const password = passwords[name as keyof MariadbPasswords]
    await connection.query('create user if not exists ??@? identified by ?', [name, '%', password])
    await connection.query('alter user ??@? identified by ?', [name, '%', password])
    await connection.query(`grant ${grant}`)
  }
  for (const name of ASKING_WHO_LEADS) await connection.query('grant select on agent.role to ??@?', [name, '%'])
}
