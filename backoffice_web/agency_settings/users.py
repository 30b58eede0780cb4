"""The office's accounts: the list, one more, changing one, a link for a password, closing and reopening."""

from urllib.parse import quote, urlencode

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from backoffice_web.access import person, requires
from backoffice_web.agency_settings.user_forms import UserForm
from backoffice_web.agency_settings.views import agency_settings
from backoffice_web.clients.label import draw_code
from backoffice_web.i18n import _
from backoffice_web.pages import Page
from backoffice_web.passwords.links import link_address
from backoffice_web.transaction import conn, now, real_now
from homecare.access import users as accounts
from homecare.access.model import Permission
from homecare.access.operations import UsedAddressError
from homecare.access.password_links import give_link
from homecare.access.queries import list_areas
from homecare.kernel.calendar import paris_day
from homecare.kernel.errors import InvalidError
from homecare.kernel.ids import UserId


@agency_settings.get("/comptes")
@requires(Permission.MANAGE_USERS)
def users() -> str:
    """List the accounts of those who work in the office."""
    page = Page.read(request.args)
    return render_template(
        "agency_settings/users.html",
        users=accounts.list_users(conn(), limit=page.size, offset=page.offset),
        page=page.of(accounts.count_users(conn())),
        today=paris_day(now()),
    )


@agency_settings.route("/comptes/nouveau", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def new_user() -> ResponseReturnValue:
    """Add an account, and show the link by which its person chooses a password: the only time it can be."""
    form = UserForm().offer(list_areas(conn()))
    rights = form.rights() if form.is_sent_and_valid() else None
    if rights is not None:
        try:
            user = accounts.add_user(
                conn(),
                person().actor,
                email=form.text("email"),
                name=form.text("name"),
                rights=rights,
                now=now(),
            )
        except UsedAddressError as error:
            form.refuse("email", str(error))
        else:
            return _link_page(user, is_new=True)
    return render_template("agency_settings/new_user.html", form=form), 422 if form.errors else 200


@agency_settings.route("/comptes/<int:user>", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def edit_user(user: int) -> ResponseReturnValue:
    """Show an account; change its name, its address, its role and its areas."""
    found = accounts.find_user(conn(), UserId(user))
    is_own = found.id == person().user
    form = UserForm().offer(list_areas(conn())).show(found)
    if is_own:
        form.keep_rights()
    if form.is_sent_and_valid() and _change(found.id, form):
        flash(_("Compte de %(name)s enregistré.", name=form.text("name")))
        return redirect(url_for("agency_settings.users"), 303)
    page = render_template(
        "agency_settings/edit_user.html", form=form, user=found, is_own=is_own, today=paris_day(now())
    )
    return page, 422 if form.errors else 200


def _change(user: UserId, form: UserForm) -> bool:
    """Do what the form says, whole or not at all. False: it was refused, and the form says why."""
    try:
        with conn().transaction():
            accounts.change_user(
                conn(),
                person().actor,
                user,
                email=form.text("email"),
                name=form.text("name"),
                rights=form.rights(),
                now=now(),
            )
    except InvalidError as error:
        form.refuse("email" if isinstance(error, UsedAddressError) else "role", str(error))
        return False
    return True


@agency_settings.post("/comptes/<int:user>/mot-de-passe")
@requires(Permission.MANAGE_USERS)
def renew_password(user: int) -> ResponseReturnValue:
    """Show a link by which the person chooses a new password; the one they had serves no more."""
    return _link_page(UserId(user), is_new=False)


@agency_settings.post("/comptes/<int:user>/fermer")
@requires(Permission.MANAGE_USERS)
def close_user(user: int) -> ResponseReturnValue:
    """Close an account and end its sessions."""
    accounts.close_user(conn(), person().actor, UserId(user), now=now())
    flash(_("Compte fermé : ses sessions sont terminées."))
    return redirect(url_for("agency_settings.users"), 303)


@agency_settings.post("/comptes/<int:user>/rouvrir")
@requires(Permission.MANAGE_USERS)
def reopen_user(user: int) -> ResponseReturnValue:
    """Let a closed account sign in again."""
    accounts.reopen_user(conn(), person().actor, UserId(user), now=now())
    flash(_("Compte rouvert : la personne se connecte avec le mot de passe qu'elle avait."))
    return redirect(url_for("agency_settings.edit_user", user=user), 303)


def _link_page(user: UserId, *, is_new: bool) -> ResponseReturnValue:
    link = give_link(conn(), person().actor, person().organisation, user, now=now(), real_now=real_now())
    found = accounts.find_user(conn(), user)
    address = link_address(link)
    letter = urlencode(
        {
            "subject": _("Votre compte Ponctuel"),
            "body": _("Choisissez votre mot de passe ici : %(address)s", address=address),
        },
        quote_via=quote,
    )
    return render_template(
        "agency_settings/password_link.html",
        user=found,
        is_new=is_new,
        link=address,
        code=draw_code(address),
        letter=f"mailto:{quote(found.email, safe='@')}?{letter}",
        until=link.until,
    )
