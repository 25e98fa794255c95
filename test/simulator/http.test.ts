import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

import { type Scope, value } from '../../src/simulator/nodes/bound.ts'
import { parseJson } from '../../src/simulator/json.ts'
import { renderNode } from '../../src/simulator/graph/select.ts'
import { codeOf, lucky, play, social } from './support/world.ts'

const form = {
  solution_name: 'Any way will do',
  partner_app_id: lucky,
  owner_permissions: '["MESSAGING"]',
  partner_permissions: '[]',
}

describe('requests', () => {
  it('may carry their parameters as JSON, form, multipart or query', async () => {
    const { sim, system } = await play()
    const url = `${sim.url}/${social}/whatsapp_business_solution`
    const multipart = new FormData()
    for (const [name, text] of Object.entries(form)) multipart.set(name, text)
    const headers = { authorization: `Bearer ${system(social)}` }
    const json = { ...headers, 'content-type': 'application/json' }
    const asJson = { ...form, owner_permissions: ['MESSAGING'], partner_permissions: [] }
    const replies = [
      await fetch(url, { method: 'POST', headers: json, body: JSON.stringify(asJson) }),
      await fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) }),
      await fetch(url, { method: 'POST', headers, body: multipart }),
      await fetch(`${url}?${new URLSearchParams(form)}`, { method: 'POST', headers }),
      await fetch(`${url}?${new URLSearchParams({ ...form, access_token: system(social) })}`, {
        method: 'POST',
      }),
      await fetch(url, {
        method: 'POST',
        body: new URLSearchParams({ ...form, access_token: system(social) }),
      }),
    ]
    expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200, 200, 200, 200])
    expect(sim.state().solutions).toHaveLength(6)
  })

  it('may send an id as a bare number and keep each digit', async () => {
    const { sim, system } = await play()
    const reply = await fetch(`${sim.url}/${social}/whatsapp_business_solution`, {
      method: 'POST',
      headers: { authorization: `Bearer ${system(social)}`, 'content-type': 'application/json' },
      body: `{"solution_name":"Bare","partner_app_id":${lucky},"owner_permissions":["MESSAGING"],"partner_permissions":[]}`,
    })
    expect(reply.status).toBe(200)
    expect(parseJson('{"id":10153848260347724,"n":1.5,"m":-7}')).toEqual({
      id: '10153848260347724',
      n: 1.5,
      m: -7,
    })
  })

  it('have a version in front or none, and the answer says which one it was', async () => {
    const { ask, system } = await play()
    const versionOf = async (path: string) =>
      (await ask('GET', path, system(lucky))).headers.get('facebook-api-version')
    expect(await versionOf(`/${lucky}`)).toBe('v27.0')
    for (let major = 21; major <= 27; major++)
      expect(await versionOf(`/v${major}.0/${lucky}`)).toBe(`v${major}.0`)
    expect(await versionOf(`/v3.2/${lucky}`)).toBe('v21.0')
  })

  it.each(['/v28.0/1', '/v26/1', '/v26.1/1', '/v0.0/1', '/v999.0/1', '/v26.0.1/1', `/${lucky}/partners/1`])(
    'are refused with code 2500 at %s',
    async (path) => {
      const { ask, system } = await play()
      expect(codeOf(await ask('GET', path, system(lucky)))).toBe(2500)
    },
  )

  it.each([
    ['GET', '/me', 803],
    ['GET', `/${lucky}%2Fsubscriptions`, 803],
    ['GET', '/123456789012345678901', 803],
    ['GET', '/', 100],
    ['POST', '/', 100],
    ['GET', `/${lucky}/whatsapp_business_solution`, 100],
    ['GET', `/${lucky}/name`, 100],
    ['POST', `/${lucky}`, 100],
    ['DELETE', `/${lucky}`, 100],
    ['PATCH', `/${lucky}`, 100],
    ['GET', `/${lucky}?fields=a{`, 2500],
  ])('are refused at %s %s with code %i', async (method, path, code) => {
    const { ask, system } = await play()
    const reply = await ask(method, path, system(lucky))
    expect([reply.status, codeOf(reply), typeof reply.body.error?.fbtrace_id]).toEqual([400, code, 'string'])
  })

  it.each([
    ['text that is no JSON', 'application/json', '{oops'],
    ['a list for a body', 'application/json', '[1]'],
    ['a broken multipart body', 'multipart/form-data; boundary=x', 'oops'],
    ['more than 1 MB', 'application/json', JSON.stringify({ a: 'x'.repeat(1_000_001) })],
  ])('are refused in Graph’s envelope for %s', async (_what, type, body) => {
    const { sim } = await play()
    const reply = await fetch(`${sim.url}/${lucky}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    })
    expect([reply.status, await reply.json()]).toMatchObject([400, { error: { code: 100 } }])
  })

  it('that are not HTTP at all do not bring it down', async () => {
    const { sim, ask, system } = await play()
    await new Promise<void>((resolve) => {
      const socket = connect(sim.port, '127.0.0.1', () => socket.end('\0\0 nonsense\r\n\r\n'))
      socket.once('close', () => resolve()).resume()
    })
    expect((await ask('GET', `/${lucky}`, system(lucky))).status).toBe(200)
  })
})

describe('the trace id', () => {
  it('is in a header of every answer, and in the body of a refusal the same', async () => {
    const game = await play()
    const replies = [
      await game.ask('GET', `/${lucky}`, game.system(lucky)),
      await game.ask('GET', '/999', game.system(lucky)),
      await game.ask('GET', `/${lucky}`),
      await game.ask('POST', '/', game.system(lucky), { batch: 'no' }),
    ]
    await game.control('POST', 'faults', {
      rules: [
        { path: lucky, kind: 'error', times: 1 },
        { path: lucky, kind: 'throttle', times: 1 },
        { path: lucky, kind: 'error', body: { error: { code: 2, fbtrace_id: 'Amine' } }, times: 1 },
      ],
    })
    for (let call = 0; call < 3; call += 1)
      replies.push(await game.ask('GET', `/${lucky}`, game.system(lucky)))
    const traces = replies.map((reply) => reply.headers.get('x-fb-trace-id'))
    expect(new Set(traces).size).toBe(replies.length)
    for (const trace of traces) expect(trace).toMatch(/^A[\w-]+$/)
    for (const [index, { body }] of replies.entries()) {
      if (index > 0) expect(body.error?.fbtrace_id).toBe(traces[index])
    }
    const { last } = (await game.control('GET', 'requests')).body as unknown as { last: { trace: string }[] }
    expect(last.map(({ trace }) => trace)).toEqual(traces)
    await game.control('POST', 'faults', { rules: [{ path: lucky, kind: 'html' }] })
    expect((await fetch(`${game.sim.url}/${lucky}`)).headers.get('x-fb-trace-id')).toMatch(/^A/)
  })
})

describe('its own answers', () => {
  it('are held to their shapes: code 1 names the one that failed', () => {
    const node = {
      type: 'Application',
      id: '1',
      defaults: ['name'],
      fields: { name: value(z.string(), () => 5) },
    }
    const scope = { rendered: 0, refused: [] } as unknown as Scope
    expect(() => renderNode(node, undefined, scope)).toThrow(/shape Application\.name/)
    expect(() => renderNode(node, undefined, scope)).toThrow(expect.objectContaining({ code: 1 }))
  })
})
