import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeStudio } from '../tools/fakeStudio';
import { SECRET, startTestHost, type TestHost } from './webHost';

/** What other pages, other machines' names and other programs may try on the port of the web host. */

const studio = fakeStudio({ 'app.info': () => ({ version: 'test' }) });
let host: TestHost;
beforeAll(async () => {
  host = await startTestHost(studio);
});
afterAll(() => host.close());

describe('the token', () => {
  test('is exchanged for a cookie that scripts and other sites cannot use', async () => {
    const { status, headers } = await host.ask(`/?token=${host.token}`);
    expect(status).toBe(303);
    expect(headers.location).toBe('/');
    const [cookie = ''] = headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain(host.token);
  });

  test.each(['/', '/assets/index-1a2b.js', '/?token=', '/?token=wrong', `/?token=${'A'.repeat(43)}`, '/exports/1'])(
    'without it %j is locked',
    async (path) => {
      const { status, body, headers } = await host.ask(path);
      expect(status).toBe(401);
      expect(body).not.toContain('<');
      expect(headers['set-cookie']).toBeUndefined();
    },
  );

  test('is not taken on another path, by another method or from another page', async () => {
    expect((await host.ask(`/index.html?token=${host.token}`)).status).toBe(401);
    expect((await host.ask(`/?token=${host.token}`, { method: 'POST' })).status).toBe(403);
    const foreign = { headers: { origin: 'http://evil.example' } };
    expect((await host.ask(`/?token=${host.token}`, foreign)).status).toBe(403);
  });

  test('opens nothing as a cookie', async () => {
    const [name] = host.cookie.split('=');
    expect((await host.ask('/', { headers: { cookie: `${name}=${host.token}` } })).status).toBe(401);
  });
});

describe('DNS rebinding', () => {
  test.each([
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1',
    '127.0.0.1:1',
    '0.0.0.0:PORT',
    '127.0.0.1:PORT.evil.example',
  ])('Host: %s is refused with the right cookie', async (name) => {
    const headers = { host: name.replace('PORT', String(host.port)), cookie: host.cookie };
    expect([400, 403]).toContain((await host.ask('/', { headers })).status);
    expect([400, 403]).toContain((await host.ask(`/?token=${host.token}`, { headers })).status);
  });

  test('a request without Host is refused', async () => {
    expect(await host.raw(`GET / HTTP/1.0\r\nCookie: ${host.cookie}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 4\d\d /);
  });
});

describe('another page’s requests', () => {
  test.each([
    ['no Origin', undefined],
    ['Origin: null', 'null'],
    ['another site', 'http://evil.example'],
    ['another port of this machine', 'http://127.0.0.1:1'],
    ['the right name under another scheme', 'file://127.0.0.1'],
  ])('a form from %s is refused and does nothing', async (_name, origin) => {
    const headers = {
      cookie: host.cookie,
      'content-type': 'application/x-www-form-urlencoded',
      ...(origin !== undefined && { origin }),
    };
    expect((await host.ask('/uploads', { method: 'POST', headers, body: 'a=b' })).status).toBe(403);
  });

  test.each([
    ['no token', () => ({ origin: host.origin }), 401],
    ['a wrong cookie', () => ({ origin: host.origin, cookie: `ganvas-${host.port}=x` }), 401],
    ['no Origin', () => ({ cookie: host.cookie }), 403],
    ['Origin: null', () => ({ cookie: host.cookie, origin: 'null' }), 403],
    ['a foreign Origin', () => ({ cookie: host.cookie, origin: 'http://evil.example' }), 403],
    ['a foreign Host', () => ({ cookie: host.cookie, origin: 'http://evil.example', host: 'evil.example' }), 403],
  ])('a socket with %s is refused', async (_name, headers, status) => {
    await expect(host.socket(headers())).rejects.toThrow(`refused with ${status}`);
  });

  test('a raw upgrade to another path is refused', async () => {
    const answer = await host.raw(
      [
        'GET /other HTTP/1.1',
        `Host: 127.0.0.1:${host.port}`,
        `Origin: ${host.origin}`,
        `Cookie: ${host.cookie}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        '\r\n',
      ].join('\r\n'),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  });

  test('none of it reached the studio', () => {
    expect(studio.calls).toEqual([]);
  });
});

describe('paths', () => {
  test.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/%252e%252e%252fsecret.txt',
    '/assets/../../secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/..\\secret.txt',
    '/../page-secret/secret.txt',
    '/%2e%2e/page-secret/secret.txt',
    '-secret/secret.txt',
    '//etc/passwd',
    '/%00',
    '/index.html%00.js',
    '/assets',
    '/assets/',
    '/constructor',
    '/__proto__',
    '/%ff',
    'http://evil.example/secret.txt',
  ])('%j is no file of the page', async (path) => {
    const { status, body } = await host.askAsPage(path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(body).not.toContain(SECRET);
  });

  test('the page’s own files have their types, and hashed ones are kept', async () => {
    const page = await host.askAsPage('/');
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('<title>Ganvas</title>') });
    expect(page.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
    const script = await host.askAsPage('/assets/index-1a2b.js');
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(script.headers['cache-control']).toContain('immutable');
  });
});

test.each(['/', '/missing', '/exports/1', '/?token=wrong'])(
  'every answer carries the page’s policy: %j',
  async (path) => {
    for (const answer of [await host.ask(path), await host.askAsPage(path)]) {
      const policy = String(answer.headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("require-trusted-types-for 'script'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(answer.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
    }
  },
);

test('the server listens on this machine alone', async () => {
  const outward = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  for (const { address, internal, family } of outward) {
    if (internal || family !== 'IPv4') continue;
    const problem = await new Promise((resolve) => {
      const socket = connect(host.port, address, () => resolve(undefined)).on('error', resolve);
      socket.unref();
    });
    expect(problem).toMatchObject({ code: 'ECONNREFUSED' });
  }
});
