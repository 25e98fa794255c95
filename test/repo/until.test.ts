import { describe, expect, it } from 'vitest'
import { startLoneGateway } from '../http/support/lone-gateway.ts'
import { Inbox } from '../support/inbox.ts'
import { until } from '../support/until.ts'

describe('a test that waits for something that cannot come any more', () => {
  it('fails at once, with the end of the process that it waits for', async () => {
    await using gateway = await startLoneGateway()
    process.kill(gateway.child.process.pid ?? 0, 'SIGABRT')
    await expect(until(() => false)).rejects.toThrow('A process of this test has ended: SIGABRT')
  })

  it('fails at once, with the end of the stream that it waits for', async () => {
    const inbox = new Inbox<string>()
    inbox.put('one')
    const two = inbox.next((item) => item === 'two')
    inbox.end('closed with 1006')
    await expect(two).rejects.toThrow('No such item came before the end: closed with 1006')
  })

  it('goes on waiting when it has itself ended the process', async () => {
    await using gateway = await startLoneGateway()
    gateway.child.process.kill('SIGKILL')
    let turns = 0
    await until(() => gateway.child.process.signalCode !== null && turns++ > 5)
    expect(turns).toBe(7)
  })
})
