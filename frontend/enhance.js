// What pages do beyond plain forms; each works without it.
