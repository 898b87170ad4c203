import './app/noEval';
import './ui/tokens.css';
import './ui/base.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { keepPlace } from './app/place.svelte';
import { Studio } from './app/studio.svelte';
import { connect } from './transport/connect';
import { theme } from './ui/theme.svelte';

theme.start();
const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
const studio = new Studio(connect());
void studio.start();
// Per tab: two tabs may look at two projects.
void keepPlace(studio, sessionStorage);
mount(App, { target, props: { studio } });
