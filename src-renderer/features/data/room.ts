import Images from '@lucide/svelte/icons/images';
import type { Room } from '../../app/rooms';
import DataRoom from './DataRoom.svelte';

export const room: Room = { id: 'data', title: 'Data', icon: Images, order: 1, component: DataRoom };
