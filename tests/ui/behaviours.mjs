// What the windows do, beyond how they look.
export const behaviours = [];
