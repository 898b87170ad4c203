// TEST DOUBLE: the test's hand on the program, by messages of Node's fork.
import { answers, app, invoke, seen, session } from './electron.mjs';
import { dropped } from './rendererModule.mjs';

const window = () => seen.windows[0];

const operations = {
  /** Runs an expression in the page; it may be a promise. */
  evaluate: (expression) => window().webContents.page.evaluate(expression),
  screenshot: (path) =>
    window()
      .webContents.page.screenshot({ path })
      .then(() => undefined),
  /** Waits until there is a window with a page. */
  async ready() {
    while (!window()?.shown) await new Promise((resolve) => setTimeout(resolve, 20));
  },
  windowOptions: () => window().options,
  seen: () => ({
    ...seen,
    windows: seen.windows.length,
    menu: JSON.parse(JSON.stringify(seen.menu)),
  }),
  clickMenu(label) {
    const items = seen.menu.flatMap(({ submenu }) => submenu ?? []);
    items.find((item) => item.label === label).click();
  },
  answerDialog: (kind, answer) => void answers[kind].push(answer),
  drop: (name, path) => void dropped.set(name, path),
  /** A message of a frame that is not the page's own: another URL, a child frame, another window. */
  invokeAs({ url, child, otherWindow }, channel, args) {
    const contents = window().webContents;
    const frame = url === null ? null : { url, parent: child ? contents.mainFrame : null };
    return invoke(otherWindow ? {} : contents, frame, channel, ...args);
  },
  permission(name) {
    const { request, check, device } = session.defaultSession.permissions;
    let granted;
    request(window().webContents, name, (answer) => (granted = answer));
    return { granted, checked: check(window().webContents, name), device: device({}) };
  },
  download() {
    let prevented = false;
    session.defaultSession.emit('will-download', { preventDefault: () => (prevented = true) });
    return { prevented };
  },
  secondInstance: () => void app.emit('second-instance'),
  quit: () => app.quit(),
  closeWindow: () => window().close(),
};

export function attachControl() {
  process.on('message', async ({ id, operation, args }) => {
    try {
      process.send({ id, result: await operations[operation](...args) });
    } catch (error) {
      process.send({ id, error: String(error?.stack ?? error) });
    }
  });
}
