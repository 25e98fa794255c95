import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { callerOf, plainAddress } from '../../src/access/caller.ts'
import { readConfig } from '../../src/config/config.ts'

const proxies = readConfig({ TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.7, fd00::/8' }).trustedProxies
const arrives = (remoteAddress: string, headers: Record<string, string> = {}) =>
  callerOf({ headers: { host: 'gateway.internal:4000', ...headers }, socket: { remoteAddress } }, proxies)

const trusted = fc.oneof(
  fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => `10.${parts.join('.')}`),
  fc.constant('192.0.2.7'),
  fc.tuple(fc.nat(255), fc.nat(255)).map((parts) => `::ffff:10.1.${parts.join('.')}`),
  fc.ipV6().map((address) => plainAddress(`fd00:${address.split(':').slice(-1)[0] || '1'}::1`) ?? 'fd00::1'),
)
const stranger = fc
  .oneof(fc.ipV4(), fc.ipV6())
  .map((address) => plainAddress(address) ?? '')
  .filter((address) => address !== '' && !/^(10\.|192\.0\.2\.7$|fd)/.test(address))
const written = fc.oneof(
  fc.string({ maxLength: 40 }).map((text) => text.replace(/[\r\n]/g, ' ')),
  fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), trusted, fc.constant('unknown')), { maxLength: 5 }).map(String),
)

describe('the caller of a request', () => {
  it('is its sender when that is no trusted proxy, whatever the headers say', () => {
    fc.assert(
      fc.property(stranger, written, written, (sender, forwardedFor, other) => {
        const caller = arrives(sender, {
          'x-forwarded-for': forwardedFor,
          'x-forwarded-host': other,
          'x-forwarded-proto': 'https',
          forwarded: `for=${other}`,
        })
        expect(caller).toMatchObject({ address: sender, host: 'gateway.internal:4000', protocol: null })
      }),
    )
  })

  it('is who called the outermost trusted proxy, whatever it wrote into the header itself', () => {
    fc.assert(
      fc.property(
        stranger,
        fc.option(written),
        fc.array(trusted, { minLength: 1, maxLength: 4 }),
        (client, own, chain) => {
          const called = [client, ...chain]
          const appended = called.slice(0, -1).join(', ')
          const header = own === null ? appended : `${own}, ${appended}`
          expect(arrives(called.at(-1) ?? '', { 'x-forwarded-for': header }).address).toBe(client)
        },
      ),
    )
  })

  it('is an address or nothing, and its network as well', () => {
    fc.assert(
      fc.property(fc.oneof(trusted, stranger, fc.string()), written, (sender, forwardedFor) => {
        const { address, network } = arrives(sender, { 'x-forwarded-for': forwardedFor })
        expect(address === '' || plainAddress(address) === address).toBe(true)
        expect(plainAddress(network.replace('/64', '')) !== null || network === '').toBe(true)
      }),
    )
  })

  it.each([
    ['the proxy, when it says nothing', undefined, '10.0.0.1'],
    ['the proxy, when what it says is no address', '198.51.100.1, unknown', '10.0.0.1'],
    ['the last proxy that said something sensible', '198.51.100.1, _hidden, 10.0.0.2', '10.0.0.2'],
    ['the first of all, when all are trusted', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['named with a port by some proxies', '198.51.100.1:50123', '198.51.100.1'],
    ['named in brackets and with a port by others', '[2001:DB8:0::1]:50123', '2001:db8::1'],
    ['IPv4 though written as IPv6', '::FFFF:198.51.100.1', '198.51.100.1'],
  ])('is %s', (_, header, address) => {
    expect(arrives('10.0.0.1', header === undefined ? {} : { 'x-forwarded-for': header }).address).toBe(
      address,
    )
  })

  it('is trusted as IPv4 when its socket is one of IPv6', () => {
    expect(arrives('::ffff:10.0.0.1', { 'x-forwarded-for': '198.51.100.1' }).address).toBe('198.51.100.1')
  })

  it('counts with all others of its IPv6 network, and alone with IPv4', () => {
    const networkOf = (address: string): string => arrives(address).network
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe(networkOf('2001:db8:1:2::ff'))
    expect(networkOf('2001:db8:1:2::1')).not.toBe(networkOf('2001:db8:1:3::1'))
    expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0::/64')
    expect(networkOf('198.51.100.1')).toBe('198.51.100.1')
  })

  it('asked for the host and by the protocol that a trusted proxy names', () => {
    const headers = { 'x-forwarded-host': 'gw.example.com, inner', 'x-forwarded-proto': 'HTTPS' }
    expect(arrives('10.0.0.1', headers)).toMatchObject({ host: 'gw.example.com', protocol: 'https' })
    expect(arrives('10.0.0.1', { 'x-forwarded-proto': 'gopher' })).toMatchObject({
      host: 'gateway.internal:4000',
      protocol: null,
    })
  })
})
