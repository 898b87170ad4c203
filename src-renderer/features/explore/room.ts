import Compass from '@lucide/svelte/icons/compass';
import type { Room } from '../../app/rooms';
import ExploreRoom from './ExploreRoom.svelte';

export const room: Room = { id: 'explore', title: 'Explore', icon: Compass, order: 4, component: ExploreRoom };
