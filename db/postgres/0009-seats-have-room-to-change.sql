-- Why:   a seat changes two or three times before it is sold for good; with half of a page free every change stays in its page (HOT), also when
--        a whole row of seats is sold in a minute. Holds for new pages: shows made from now on.
-- Locks: seats, for a moment; nothing is rewritten.
-- Undo:  alter table selling.seats set (fillfactor = 70);

alter table selling.seats set (fillfactor = 50);
