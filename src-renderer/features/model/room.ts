import Blocks from '@lucide/svelte/icons/blocks';
import type { Room } from '../../app/rooms';
import ModelRoom from './ModelRoom.svelte';

export const room: Room = { id: 'model', title: 'Model', icon: Blocks, order: 2, component: ModelRoom };
